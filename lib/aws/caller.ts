import { createHash } from 'node:crypto';
import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { NightfeedError } from '../core/errors.ts';
import { canonicalJson } from '../core/feed/reading-spec.ts';
import { queryHost, signedQuery } from './signed-query.ts';

/**
 * Proves who asks, in the way of Kubernetes clusters on AWS. The caller signs a GetCallerIdentity request but does not send it. The function
 * that gets it sends it to STS, which answers with the identity of the signer. A signed header binds the proof to the question.
 */
export type CallerProof = Readonly<Record<string, string>>;

const BINDING = 'x-nightfeed-request';
const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
/** The only headers that are sent on. Any other header would reach STS in our name. */
const FORWARDED = [
  'authorization',
  'content-type',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  BINDING,
];

/** Signs with the credentials that a client of this configuration finds; `asked` is what the proof is good for. */
export async function proveCaller(clientConfig: LambdaClientConfig, asked: unknown): Promise<CallerProof> {
  const { headers } = await signedQuery('sts', BODY, { config: clientConfig, headers: { [BINDING]: hashOf(asked) } });
  return Object.fromEntries(Object.entries(headers).filter(([name]) => FORWARDED.includes(name)));
}

interface Sts {
  readonly region: string;
  /** An endpoint instead of STS's own, for tests. */
  readonly endpoint?: string | undefined;
}

interface Expected extends Sts {
  /** The signer must be of this account, because in an account of one's own one can have any name. */
  readonly account: string;
}

/** The exact form of the header, so that STS and we cannot read it in two ways. */
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[\w/-]+, SignedHeaders=([a-z0-9-]+(?:;[a-z0-9-]+)*), Signature=[0-9a-f]{64}$/;

/** ARN of the caller. Throws USAGE when the proof is for something else, of another account, or STS does not accept it. */
export async function callerOf(proof: CallerProof, asked: unknown, { account, ...sts }: Expected): Promise<string> {
  const signed = AUTHORIZATION.exec(proof.authorization ?? '');
  const isBound = signed?.[1]?.split(';').includes(BINDING) && proof[BINDING] === hashOf(asked);
  if (!isBound) throw unproved('the proof is not for this request');
  const arn = await signerOf(proof, sts);
  if (accountOf(arn) !== account) throw unproved(`${arn} is not of the account ${account}`);
  return arn;
}

/** ARN of a function by its name, in the account and region that a configuration is signed in to. */
export async function functionArnOf(
  name: string,
  clientConfig: LambdaClientConfig,
  endpoint?: string,
): Promise<string> {
  const region = await new LambdaClient(clientConfig).config.region();
  // This proof is sent to STS only. It is bound to no question, so nobody could use it.
  const arn = await signerOf(await proveCaller(clientConfig, null), { region, endpoint });
  return ['arn', arn.split(':')[1], 'lambda', region, accountOf(arn), 'function', name].join(':');
}

async function signerOf(proof: CallerProof, { region, endpoint }: Sts): Promise<string> {
  const headers = Object.fromEntries(
    FORWARDED.flatMap((name) => (proof[name] === undefined ? [] : [[name, proof[name]]])),
  );
  const request = { method: 'POST', headers, body: BODY, redirect: 'error' } as const;
  const answer = await fetch(endpoint ?? `https://${queryHost('sts', region)}/`, request);
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1];
  if (!answer.ok || arn === undefined) throw unproved(`STS answered ${answer.status}`);
  return arn;
}

/** arn:aws:sts::123456789012:assumed-role/Operators/ada */
function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function unproved(reason: string): NightfeedError {
  return new NightfeedError('USAGE', `who asks is not proved: ${reason}`, {
    hint: 'Sign in to AWS again, check the clock of this machine and that your nightfeed has the version of the deployment, then repeat the command.',
  });
}

function hashOf(asked: unknown): string {
  return createHash('sha256').update(canonicalJson(asked)).digest('hex');
}
