import { DuckDBInstance } from '@duckdb/node-api';
import { linesOf } from '../lines.ts';

/**
 * DuckDB in a process of its own: the parent can bound it, outlive it and kill it.
 * Standard input: first a line of settings, then a line `{sql}` per statement; standard output answers each with
 * `{rows}` or `{error}`, in order. Ends with its input.
 */
interface Settings {
  readonly memory: string;
  readonly threads: number;
  /** The only folders it may touch. */
  readonly folders: readonly string[];
  readonly scratch: string;
}

const lines = linesOf(process.stdin);
const settings = JSON.parse((await lines.next()).value ?? '{}') as Settings;

const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: settings.memory,
  threads: String(settings.threads),
  temp_directory: `${settings.scratch}/spill`,
});
const connection = await instance.connect();
const folders = settings.folders.map((folder) => `'${folder.replaceAll("'", "''")}/'`).join(', ');
for (const sql of [
  `SET TimeZone = 'UTC'`,
  `SET allowed_directories = [${folders}]`,
  `SET enable_external_access = false`,
  `SET allowed_configs = ['threads']`,
  `SET lock_configuration = true`,
]) {
  await connection.run(sql);
}

let isBusy = false;
// The parent died in the middle of a statement, which may wait for it for ever: one that writes into a pipe does.
process.stdin.once('end', () => isBusy && process.kill(process.pid, 'SIGKILL'));

for (let line = await lines.next(); !line.done; line = await lines.next()) {
  const { sql } = JSON.parse(line.value) as { sql: string };
  isBusy = true;
  try {
    const reader = await connection.runAndReadAll(sql);
    process.stdout.write(`${JSON.stringify({ rows: reader.getRowObjectsJson() })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
  }
  isBusy = false;
}
process.exit(0);
