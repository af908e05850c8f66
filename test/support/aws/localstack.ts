import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILDERS, pythonEnvironment } from '../engines/python-environment.ts';
import { type Emulator, startEmulator } from './emulator.ts';

const SUPPORT = new URL('./localstack/', import.meta.url);

/**
 * LocalStack 4.14.0 without Docker: Lambda functions are Node processes, ECS tasks and Glue jobs those that `standIn` names.
 * There is no way to empty it: use names of your own. Its schedules never fire. `undefined` without a usable Python.
 */
export async function startLocalStack(): Promise<Emulator | undefined> {
  const python = await pythonEnvironment('localstack', [BUILDERS, new URL('requirements.txt', SUPPORT)]);
  if (python === undefined) return undefined;
  return await startEmulator({
    name: 'localstack',
    python,
    args: [fileURLToPath(new URL('start.py', SUPPORT))],
    environment: ({ port, folder }) => ({
      PYTHONPATH: fileURLToPath(SUPPORT),
      PYTHONDONTWRITEBYTECODE: '1',
      // Where the list of plug-ins is cached: another place's list lacks ours.
      XDG_CACHE_HOME: join(folder, 'cache'),
      STAND_INS: standIns(folder),
      CALLS: callsFile(folder),
      LAMBDA_RUNTIME_EXECUTOR: 'node',
      LAMBDA_NODE: process.execPath,
      OVERRIDE_IN_DOCKER: '0',
      FILESYSTEM_ROOT: folder,
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      LOCALSTACK_HOST: `localhost:${port}`,
      DNS_ADDRESS: '0',
      SKIP_SSL_CERT_DOWNLOAD: '1',
      DISABLE_EVENTS: '1',
    }),
    health: '/_localstack/health',
  });
}

/** What runs here instead of a task's image or a job's script. */
export interface StandIn {
  /** The container's command, or the job's arguments, are added. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** Beside what the container's definition and the overrides say. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of a job's timeout; 60 unless told. */
  readonly minuteSeconds?: number;
}

/** Tasks of a task definition's family, or runs of a Glue job, are this program from now on. */
export async function standIn(
  localStack: Pick<Emulator, 'folder'>,
  name: `${'task' | 'job'}/${string}`,
  program: StandIn,
): Promise<void> {
  const file = join(standIns(localStack.folder), `${name}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ environment: {}, ...program }));
}

const standIns = (folder: string) => join(folder, 'stand-ins');

/** What roles and services of AWS called so far, a line of JSON each. */
export const callsFile = (folder: string) => join(folder, 'calls');
