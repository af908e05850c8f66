import { DuckDBInstance } from '@duckdb/node-api';
import { linesOf } from '../common/lines.ts';

/**
 * DuckDB in a process of its own: the parent can bound it, outlive it and kill it.
 * Standard input: first a line of settings, then lines `{statements}`; standard output answers each with `{answers}`, the
 * rows of every statement, or with the `{error}` of the first that failed and its place, `at`: those after it are not tried.
 * Ends with its input.
 */
interface Settings {
  readonly memory: string;
  readonly threads: number;
  /** The only folders it may touch. */
  readonly folders: readonly string[];
  /** Where it may keep what does not fit into its memory. */
  readonly spill: string;
}

const lines = linesOf(process.stdin);
const settings = JSON.parse((await lines.next()).value ?? '{}') as Settings;

const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: settings.memory,
  threads: String(settings.threads),
  temp_directory: settings.spill,
});
const connection = await instance.connect();
const folders = settings.folders.map((folder) => `'${folder.replaceAll("'", "''")}/'`).join(', ');
for (const sql of [
  `SET TimeZone = 'UTC'`,
  `SET allowed_directories = [${folders}]`,
  `SET enable_external_access = false`,
  // Who finds too little to do for several takes fewer.
  `SET allowed_configs = ['threads']`,
  `SET lock_configuration = true`,
]) {
  await connection.run(sql);
}

let isBusy = false;
// The parent died in the middle of a statement, which may wait for it for ever: one that writes into a pipe does.
process.stdin.once('end', () => isBusy && process.kill(process.pid, 'SIGKILL'));

for (let line = await lines.next(); !line.done; line = await lines.next()) {
  const { statements } = JSON.parse(line.value) as { statements: string[] };
  isBusy = true;
  const answers: unknown[] = [];
  try {
    for (const sql of statements) answers.push((await connection.runAndReadAll(sql)).getRowObjectsJson());
    process.stdout.write(`${JSON.stringify({ answers })}\n`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stdout.write(`${JSON.stringify({ error: message, at: answers.length })}\n`);
  }
  isBusy = false;
}
process.exit(0);
