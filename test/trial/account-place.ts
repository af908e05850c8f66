import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { functionArnOf } from '../../lib/aws/caller.ts';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { Place } from './place.ts';

interface Account {
  readonly account: string;
  readonly region: string;
  /** The SDK's environment: variables such as AWS_PROFILE. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What people's programs need to find their credentials and Docker. Nothing else of the environment gets further. */
const INHERITED = /^(AWS_|DOCKER_|CDK_DOCKER$|HOME$|SSL_CERT_FILE$|(https?|no)_proxy$)/i;

/** An account, with a network and an Aurora that the trial makes. */
export function accountPlace({ account, region, environment }: Account): Place {
  const inherited = Object.entries(environment).filter(([name, value]) => INHERITED.test(name) && value !== undefined);
  return {
    aws: { name: 'AWS', client: { region }, environment: { AWS_REGION: region } },
    environment: { ...(Object.fromEntries(inherited) as Record<string, string>), AWS_REGION: region },
    bootstrap: `aws://${account}/${region}`,
    alone: (work) => work(),
    config: async () => ({ account, database: { min_acu: 0, max_acu: 1 } }),
    adapt: async () => {},
    startContainers: async () => {},
  };
}

/** Throws USAGE unless the credentials belong to this account. `endpoint` is one instead of STS's own, for tests. */
export async function requireAccount(account: string, region: string, endpoint?: string): Promise<void> {
  const arn = await functionArnOf('any', { region }, endpoint);
  const signedIn = arn.split(':')[4];
  if (signedIn === account) return;
  throw new NightfeedError('USAGE', `you are signed in to the account ${signedIn}, and asked for ${account}`, {
    hint: 'Nothing was deployed. Name the profile of the account that you mean, or the account of the profile.',
  });
}

/** Throws USAGE where the image of the tasks cannot be built. */
export async function requireDocker(program = process.env.CDK_DOCKER ?? 'docker'): Promise<void> {
  await promisify(execFile)(program, ['version']).catch((cause: Error) => {
    throw new NightfeedError('USAGE', `${program} does not work: ${cause.message.split('\n')[0]}`, {
      hint: 'Nothing was deployed. Start Docker, or name another program in CDK_DOCKER; it builds the image of the tasks.',
      cause,
    });
  });
}
