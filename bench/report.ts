import { bars } from './bars.ts';
import { type Contestant, type Group, groups } from './contestant.ts';
import { median } from './median.ts';
import type { Lap, Repetition } from './race.ts';
import { table } from './table.ts';

export interface Result {
  readonly contestant: Contestant;
  /** None when it was left out for its size. */
  readonly repetitions: readonly Repetition[];
}

/** Per group a Markdown table of times, relations and memory, bars, and where the time of each went. */
export function report(results: readonly Result[]): string {
  const blocks = (Object.keys(groups) as Group[]).map((group) => {
    const members = results.filter(({ contestant }) => contestant.group === group);
    return members.length === 0 ? [] : groupReport(group, members, results);
  });
  return blocks.flat().join('\n\n');
}

function groupReport(group: Group, members: readonly Result[], all: readonly Result[]): string[] {
  const run = members.filter(({ repetitions }) => repetitions.length > 0);
  const chart = bars(run.map((result) => ({ label: result.contestant.title, value: secondsOf(result), unit: 's' })));
  return [
    `### ${groups[group]}`,
    table([HEAD, ...members.map((result) => row(result, all))]),
    ...(run.length > 1 ? [`\`\`\`\n${chart}\n\`\`\``] : []),
    ...run.flatMap((result) => lapList(result)),
  ];
}

const HEAD = ['', 'median', 'min … max', '', 'memory', 'at most', 'server'];

function row(result: Result, all: readonly Result[]): string[] {
  const { contestant, repetitions } = result;
  if (repetitions.length === 0) return [contestant.title, 'left out: too long', '', '', '', '', ''];
  const times = repetitions.map(({ seconds }) => seconds);
  const laps = repetitions.flatMap((each) => each.laps.filter((lap) => !contestant.apart?.includes(lap.name)));
  return [
    contestant.title,
    seconds(median(times)),
    `${Math.min(...times).toFixed(2)} … ${Math.max(...times).toFixed(2)}`,
    relation(result, all),
    peakOf(laps, 'sampled'),
    peakOf(laps, 'atMost'),
    contestant.group === 'night' || contestant.group === 'load' ? peakOf(laps, 'server') : '–',
  ];
}

function peakOf(laps: readonly Lap[], which: keyof Lap['peak']): string {
  const peaks = laps.map((lap) => lap.peak[which]);
  return peaks.some((bytes) => bytes === null) ? '–' : `${Math.round(Math.max(...(peaks as number[])) / 1e6)} MB`;
}

function relation(result: Result, all: readonly Result[]): string {
  const [{ outcome }] = result.repetitions as [Repetition];
  if (outcome.bytes !== undefined) return `${Math.round(outcome.bytes / 1e6 / secondsOf(result))} MB/s`;
  const other = all.find(({ contestant }) => contestant.name === result.contestant.against);
  if (!other || other.repetitions.length === 0) return '';
  const share = secondsOf(result) / secondsOf(other);
  const { title } = other.contestant;
  return share <= 1
    ? `${(1 / share).toFixed(1)} times faster than ${title}`
    : `${share.toFixed(2)} times as long as ${title}`;
}

/** Where one contestant's time went, in medians. */
function lapList(result: Result): string[] {
  const { contestant, repetitions } = result;
  const names = repetitions[0]!.laps.map((lap) => lap.name);
  if (names.length === 1) return [];
  const parts = names.map((name, index) => {
    const laps = repetitions.map((repetition) => repetition.laps[index]!);
    const time = `${name} ${seconds(median(laps.map((lap) => lap.seconds)))}`;
    const isApart = contestant.apart?.includes(name);
    return isApart ? `${time} (apart: neither this nor its ${peakOf(laps, 'sampled')} are counted)` : time;
  });
  return [`${contestant.title}: ${parts.join(', ')}.`];
}

function secondsOf({ repetitions }: Result): number {
  return median(repetitions.map((repetition) => repetition.seconds));
}

const seconds = (value: number) => `${value.toFixed(2)} s`;
