import type { Force } from '../../../lib/core/delivery/due-date.ts';
import { asNightfeedError, NightfeedError } from '../../../lib/core/errors.ts';
import { businessDateAt } from '../../../lib/core/feed/business-date.ts';
import { type Feed, feedSchema } from '../../../lib/core/feed/spec.ts';
import type { RunId } from '../../../lib/core/run/keys.ts';
import { reportOf } from '../../../lib/core/run/message.ts';
import type { NightResult } from '../../../lib/core/run/night-result.ts';
import { timerNight } from '../../../lib/core/schedule/timer-night.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { answered } from '../../../lib/steps/run/result.ts';
import { retrying } from '../../../lib/steps/run/retry.ts';
import { night } from '../../../lib/workflows/night.ts';
import type { Cli } from '../cli.ts';
import { checkFeed, openWorkplace, type Workplace } from '../compose.ts';
import { reportNight } from '../output/night-report.ts';
import type { Output } from '../output/output.ts';
import type { WantedNight } from '../wanted-night.ts';

export async function run(
  cli: Cli,
  path: string,
  { force, ...options }: WantedNight,
  { scheduled }: { readonly scheduled?: number | true } = {},
): Promise<number> {
  const { output, wings } = cli;
  const { feed, folder } = await readFeedFile(path, feedSchema(wings));
  await checkFeed(feed, wings);
  const due =
    scheduled === undefined
      ? undefined
      : timerNight(requireSchedule(feed), new Date(), scheduled === true ? undefined : scheduled);
  if (due === null) return reportNothingDue(output);
  if (due?.isHoliday) {
    output.print(`${feed.feed}: ${due.day} is a holiday; nothing is expected today`);
    return reportNothingDue(output);
  }
  const date = options.date ?? due?.date ?? businessDateAt(feed, new Date());
  const workplace = await openWorkplace(cli, { feed: feed.feed, folder });
  try {
    return await runNight(output, workplace, { feed, folder, date, ...(force ? { force } : {}) });
  } finally {
    await workplace.close();
  }
}

function requireSchedule({ schedule, ...feed }: Feed): Feed & { schedule: NonNullable<Feed['schedule']> } {
  if (schedule) return { ...feed, schedule };
  throw new NightfeedError('USAGE', '--scheduled needs a schedule, which the feed file does not have');
}

/** Says nothing to people: a timer that asks every hour would write a mail every hour. */
function reportNothingDue(output: Output): number {
  const nothing = { tables: {}, holds: [], warnings: [], error: null, seconds: 0, steps: {} };
  output.answer({ run: null, state: null, date: null, attempt: null, ...nothing });
  return 0;
}

/** Runs the night in this process; also called when a held run was approved. */
export async function runNight(
  output: Output,
  { ports, owner }: Workplace,
  wanted: { feed: Feed; folder: string; date: string; resumes?: RunId; force?: Force },
): Promise<number> {
  const start = performance.now();
  await retrying(ports, () => ports.target.migrate(wanted.feed));
  const result = await night({ ...wanted, owner }, ports).catch(unopened(wanted.resumes ?? null));
  output.done();
  return reportNight(output, { result, date: wanted.date, seconds: (performance.now() - start) / 1000 });
}

/** The result of a night that could not open its run, because another process has the run or the date is too old. */
function unopened(run: RunId | null): (thrown: unknown) => NightResult {
  return (thrown) => {
    const error = asNightfeedError(thrown);
    if (error.state === 'usage') throw error;
    return answered(run, error.state === 'busy' ? 'running' : error.state, reportOf(error));
  };
}
