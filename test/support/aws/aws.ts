import { describe, inject } from 'vitest';
import { NO_PYTHON } from '../../../lib/engines/spark/runtime/python-environment.ts';
import type { EmulatorName } from '../aws-setup.ts';

export interface Aws {
  /** For titles. */
  readonly name: string;
  /** What an SDK client is made from. */
  readonly client: {
    readonly region: string;
    /** AWS's own when absent. */
    readonly endpoint?: string;
    /** Those that the SDK finds when absent. */
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** The same for a process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the emulator, for `standIn`. */
  readonly folder?: string;
}

const region = process.env.AWS_REGION ?? 'us-east-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/**
 * The AWS to test with: that of NIGHTFEED_AWS_ENDPOINT (a URL, or `aws` for a real account with the SDK's own credentials),
 * else this emulator, which all files of a test run share: use names of your own. `undefined` where it cannot be installed.
 */
async function awsEndpoint(emulator: EmulatorName = 'localstack'): Promise<Aws | undefined> {
  const given = process.env.NIGHTFEED_AWS_ENDPOINT;
  if (given === 'aws') return { name: 'AWS', client: { region }, environment: { AWS_REGION: region } };
  if (given !== undefined) return awsAt(given, { name: given });

  const answer = await fetch(`${inject('awsEmulators')}/${emulator}`);
  if (!answer.ok) throw new Error(`no ${emulator} for tests: ${await answer.text()}`);
  const started = (await answer.json()) as { endpoint: string; folder: string } | null;
  return started ? awsAt(started.endpoint, { name: emulator, folder: started.folder }) : undefined;
}

/** The same tests on each emulator, or once on NIGHTFEED_AWS_ENDPOINT. Where there is none they are skipped and say so. */
export async function describeAws(
  title: string,
  emulators: readonly EmulatorName[],
  body: (aws: Aws) => void,
): Promise<void> {
  for (const emulator of process.env.NIGHTFEED_AWS_ENDPOINT === undefined ? emulators : emulators.slice(0, 1)) {
    const aws = await awsEndpoint(emulator);
    if (aws) describe(`${title} (${aws.name})`, () => body(aws));
    else
      describe.skip(`${title} (${emulator}: skipped, ${NO_PYTHON})`, () =>
        body(awsAt('http://127.0.0.1:9', { name: '' })));
  }
}

function awsAt(endpoint: string, about: Pick<Aws, 'name' | 'folder'>): Aws {
  return {
    ...about,
    client: { region, endpoint, credentials },
    environment: {
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      // The CDK's own.
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  };
}
