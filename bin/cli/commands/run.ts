import type { Force } from '../../../lib/core/delivery/due-date.ts';
import { asNightfeedError, NightfeedError } from '../../../lib/core/errors.ts';
import { type BusinessDate, businessDateAt, businessDateOn, todayIn } from '../../../lib/core/feed/business-date.ts';
import { type Feed, feedSchema } from '../../../lib/core/feed/spec.ts';
import type { RunId } from '../../../lib/core/run/keys.ts';
import { reportOf } from '../../../lib/core/run/message.ts';
import type { NightResult } from '../../../lib/core/run/night-result.ts';
import { isHoliday, lastNight } from '../../../lib/core/schedule/night-days.ts';
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
  const due = scheduled === undefined ? undefined : nightDue(feed, scheduled, new Date());
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

interface NightDue {
  /** The day in the schedule's zone. */
  readonly day: string;
  readonly date: BusinessDate;
  readonly isHoliday: boolean;
}

/** Clocks of two machines may differ by so much: the one that starts this process, and this one. */
const CLOCKS_APART_MS = 60_000;

/** The night that began so many minutes ago, or fewer, or the last one that began; null when none did. A holiday counts as if it had a night. */
function nightDue(feed: Feed, minutes: number | true, now: Date): NightDue | null {
  if (!feed.schedule)
    throw new NightfeedError('USAGE', '--scheduled needs a schedule, which the feed file does not have');
  const until = minutes === true ? new Date(now.getTime() + CLOCKS_APART_MS) : now;
  const { day, begins } = lastNight({ ...feed.schedule, holidays: [] }, todayIn(feed, until), until);
  if (minutes !== true && now.getTime() - begins.getTime() > minutes * 60_000) return null;
  return { day, date: businessDateOn(feed, day), isHoliday: isHoliday(feed.schedule, day) };
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
