import { join } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { type RunId, runName } from '../../../lib/core/run/keys.ts';
import { type FeedFile, readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { retrying } from '../../../lib/steps/run/retry.ts';
import { type ReleaseResult, release as releaseRows } from '../../../lib/workflows/release/release.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace, type Workplace } from '../compose.ts';
import { reportNight } from '../output/night-report.ts';
import type { Output } from '../output/output.ts';
import { runId } from './quarantine.ts';

/** `quarantine release`: publishes the rows that today's feed file can read. */
export async function release(
  cli: Cli,
  name: string,
  path: string | undefined,
  { table, code }: { readonly table?: string; readonly code?: string },
): Promise<number> {
  const { output } = cli;
  const run = runId(name);
  const given = path === undefined ? undefined : await feedFileFor(cli, run, path);
  const workplace = await openWorkplace(cli, { feed: run.feed, folder: given?.folder });
  try {
    const { feed, folder } = given ?? (await feedFileFor(cli, run, await feedFileOf(run, workplace)));
    return await runRelease(output, workplace, { feed, folder, run, table: table ?? null, code: code ?? null });
  } finally {
    await workplace.close();
  }
}

/** Releases rows; also called when a held release was approved. */
export async function runRelease(
  output: Output,
  { ports, owner }: Workplace,
  wanted: { feed: Feed; folder: string; run: RunId; table: string | null; code: string | null },
): Promise<number> {
  const start = performance.now();
  await retrying(ports, () => ports.target.migrate(wanted.feed));
  const result = await releaseRows({ ...wanted, owner }, ports);
  output.done();
  return reportRelease(output, wanted.run, result, { seconds: (performance.now() - start) / 1000 });
}

export function reportRelease(
  output: Output,
  of: RunId,
  result: ReleaseResult,
  how: { readonly seconds: number; readonly stack?: string },
): number {
  const exit = reportNight(output, {
    result,
    date: result.run?.date ?? null,
    more: { released: countsOf(result) },
    ...how,
  });
  tell(output, of, result);
  return exit;
}

/** The counts alone: a workflow's result also has sample rows, and files that are gone by now. */
function countsOf({ released }: ReleaseResult): ReleaseResult['released'] {
  return Object.fromEntries(
    Object.entries(released).map(([table, { records, released: went, there, newer, rejected, waiting }]) => [
      table,
      { records, released: went, there, newer, rejected, waiting },
    ]),
  );
}

function tell(output: Output, run: RunId, { released, state }: ReleaseResult): void {
  if (state === 'unchanged') output.print(`  Nothing of ${runName(run)} to release.`);
  for (const [table, { records, released: went, there, newer, rejected }] of Object.entries(released)) {
    const bad = Object.entries(rejected).map(([code, rows]) => `${rows} ${code}`);
    output.print(
      `  ${table}: ${records} read again, ${went} released, ${there} there already, ${newer} newer in production, still bad: ${bad.join(', ') || 'none'}`,
    );
  }
}

async function feedFileFor({ wings }: Cli, run: RunId, path: string): Promise<FeedFile> {
  const file = await readFeedFile(path, feedSchema(wings));
  if (file.feed.feed === run.feed) return file;
  throw new NightfeedError('USAGE', `the feed file describes ${file.feed.feed}; expected ${run.feed}`);
}

/** Path of the feed file of the run, which must be named feed.yaml. */
async function feedFileOf(run: RunId, { ports }: Workplace): Promise<string> {
  const row = (await ports.ledger.exists()) ? await ports.ledger.find(run) : null;
  if (!row) throw new NightfeedError('RUN_UNKNOWN', `there is no run ${runName(run)}`);
  return join(row.folder, 'feed.yaml');
}
