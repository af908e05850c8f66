import { randomUUID } from 'node:crypto';
import { chown, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runBinary } from './run-binary.ts';
import type { ServerUser } from './server-user.ts';

/** The database, and its owner and superuser. */
export const DATABASE = 'nightfeed';

const UNFINISHED = 'initdb-';

/** Sorts by code point everywhere, without the libraries of the machine. */
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

/** Makes the data directory `data`, whole or not at all, with the database and a password for its owner. */
export async function initialise(
  bin: string,
  data: string,
  user: ServerUser | undefined,
  password: string,
): Promise<void> {
  const folder = dirname(data);
  for (const name of await readdir(folder)) {
    // The initdb of a killed command may write for a moment longer.
    if (name.startsWith(UNFINISHED)) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 20 });
  }
  const unfinished = join(folder, UNFINISHED + randomUUID());
  await mkdir(unfinished, { mode: 0o700 });
  if (user) await chown(unfinished, user.uid, user.gid);

  const initdb = ['-D', unfinished, '-U', DATABASE, '--auth=trust', '--no-instructions', ...LOCALE];
  await runBinary(join(bin, 'initdb'), initdb, { folder, user });
  // Through standard input, because everybody can see arguments, and the server's user would have to be able to read a password file.
  const input = `ALTER ROLE ${DATABASE} PASSWORD '${password}'\nCREATE DATABASE ${DATABASE}\n`;
  const quiet = ['-c', 'exit_on_error=on', '-c', 'log_min_error_statement=panic'];
  await runBinary(join(bin, 'postgres'), ['--single', '-D', unfinished, ...quiet, 'postgres'], { folder, user, input });
  await writeFile(join(unfinished, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');

  await rename(unfinished, data);
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}
