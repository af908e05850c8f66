import { createHash } from 'node:crypto';
import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { NightfeedError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/feed/reading-spec.ts';

/**
 * Who asks, proved as Kubernetes clusters on AWS do it: the caller signs a GetCallerIdentity request and hands it over unsent;
 * whoever gets it sends it to STS, which answers only for the signer. A signed header binds it to what is asked.
 */
export type CallerProof = Readonly<Record<string, string>>;

const BINDING = 'x-nightfeed-request';
const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
/** All that is sent on: whatever else somebody put in would reach STS under our name. */
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
  // A client of its own: one remembers for which service it signed first, and signs everything else for that one too.
  const { config } = new LambdaClient(clientConfig);
  const region = await config.region();
  const hostname = stsHost(region);
  const signer = await config.signer({ name: 'sigv4', signingName: 'sts', signingRegion: region, properties: {} });
  const headers = {
    host: hostname,
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    [BINDING]: hashOf(asked),
  };
  const request = { method: 'POST', protocol: 'https:', hostname, path: '/', query: {}, headers, body: BODY };
  const signed = await signer.sign(request as never);
  return Object.fromEntries(Object.entries(signed.headers).filter(([name]) => FORWARDED.includes(name)));
}

interface Sts {
  readonly region: string;
  /** Instead of STS's own. */
  readonly endpoint?: string | undefined;
}

/** ARN of the caller. Throws USAGE when the proof is for something else, or STS does not accept it. */
export async function callerOf(proof: CallerProof, asked: unknown, { region, endpoint }: Sts): Promise<string> {
  const signed = /^AWS4-HMAC-SHA256 Credential=\S+, SignedHeaders=(\S+), Signature=[0-9a-f]{64}$/.exec(
    proof.authorization ?? '',
  );
  const isBound = signed?.[1]?.split(';').includes(BINDING) && proof[BINDING] === hashOf(asked);
  if (!isBound) throw unproved('the proof is not for this request');
  const headers = Object.fromEntries(
    FORWARDED.flatMap((name) => (proof[name] === undefined ? [] : [[name, proof[name]]])),
  );
  const answer = await fetch(endpoint ?? `https://${stsHost(region)}/`, { method: 'POST', headers, body: BODY });
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1];
  if (!answer.ok || arn === undefined) throw unproved(`STS answered ${answer.status}`);
  return arn;
}

function unproved(reason: string): NightfeedError {
  return new NightfeedError('USAGE', `who asks is not proved: ${reason}`, {
    hint: 'Sign in to AWS again, check the clock of this machine, then repeat the command.',
  });
}

function stsHost(region: string): string {
  return `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function hashOf(asked: unknown): string {
  return createHash('sha256').update(canonicalJson(asked)).digest('hex');
}
