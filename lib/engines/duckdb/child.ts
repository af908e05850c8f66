import { DuckDBInstance } from '@duckdb/node-api';
import { linesOf } from '../common/lines.ts';
import { registerFunctions } from './functions.ts';

/**
 * DuckDB in a process of its own, so that the parent can limit its memory, survives its crash, and can kill it.
 * Standard input has first a line of settings, then lines `{statements}`. Standard output has a line for each of these: `{answers}`, the
 * rows of every statement, or the `{error}` of the first statement that failed and its place, `at`. Statements after it are not run.
 * The process ends when its input ends.
 */
interface Settings {
  readonly memory: string;
  readonly threads: number;
  /** The only folders it may touch. */
  readonly folders: readonly string[];
  /** Where DuckDB may put data that does not fit into memory; '' for nowhere. */
  readonly spill: string;
  readonly isForeign?: boolean;
}

let isBusy = false;
// The parent may die at any moment, also while DuckDB starts. A statement would go on, or wait for ever for the parent to read its pipe.
process.stdin.once('end', () => (isBusy ? process.kill(process.pid, 'SIGKILL') : process.exit(0)));

const lines = linesOf(process.stdin);
const settings = JSON.parse((await lines.next()).value ?? '{}') as Settings;

const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: settings.memory,
  threads: String(settings.threads),
  temp_directory: settings.spill,
});
const connection = await instance.connect();
registerFunctions(connection);
const folders = settings.folders.map((folder) => `'${folder.replaceAll("'", "''")}/'`).join(', ');
for (const sql of [
  `SET TimeZone = 'UTC'`,
  `SET allowed_directories = [${folders}]`,
  `SET enable_external_access = false`,
  // It would leave out a test whose outcome the statistics of a file foretell, and a vendor's statistics may be wrong.
  ...(settings.isForeign ? [`SET disabled_optimizers = 'statistics_propagation'`] : []),
  // A statement with little work may lower the number of threads.
  `SET allowed_configs = ['threads']`,
  `SET lock_configuration = true`,
]) {
  await connection.run(sql);
}

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
