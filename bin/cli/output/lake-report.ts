import { shownSize } from '../../../lib/core/shown-size.ts';
import type { LakeAnswer } from '../../../lib/workflows/lake/lake.ts';
import type { Output } from './output.ts';
import { type Column, tableLines } from './table.ts';

type LakeFeed = LakeAnswer['feeds'][number];
type Sized = LakeFeed['unnamed'];

/** What the lake holds, for people. */
export function reportLake(output: Output, found: LakeAnswer): number {
  output.answer(found);
  output.print(`The lake in ${found.lake}`);
  if (found.feeds.length === 0) output.print('It has no feed.');
  for (const feed of found.feeds) showFeed(output, feed);
  return 0;
}

const ZONES: Column[] = [{ least: 10 }, { align: 'right' }, { align: 'right' }, { align: 'right' }, {}];
const TOLD: Column[] = [{ least: 10 }, { align: 'right' }, { align: 'right' }, {}];

function showFeed(output: Output, { feed, zones, unnamed, freed }: LakeFeed): void {
  output.print('');
  output.print(output.paint('bold', feed));
  const rows = zones
    .filter(({ objects }) => objects > 0)
    .map(({ zone, objects, bytes, grown, oldest }) => [
      zone,
      shownSize(bytes),
      `+${shownSize(grown)}`,
      objects.toLocaleString('en'),
      oldest?.slice(0, 10) ?? '',
    ]);
  const sizes = [['zone', 'size', 'in 30 days', 'objects', 'since'], ...rows];
  for (const line of tableLines(sizes, ZONES, output.room)) output.print(line);
  const told = [
    ...(unnamed.objects > 0 ? [toldRow('of these', unnamed, 'nothing names them: lost attempts left them')] : []),
    ...(freed?.zones ?? []).map((each) => toldRow(each.zone, each, `would go: older than ${each.days} days`)),
    ...(freed?.needed ?? []).map((each) => toldRow('stays', each, `as old, but ${reasons[each.need]}`)),
  ];
  for (const line of tableLines(told, TOLD, output.room)) output.print(line);
  if (freed?.zones.every(({ objects }) => objects === 0)) output.print('  The limits would free nothing.');
}

function toldRow(what: string, { objects, bytes }: Sized, words: string): string[] {
  return [what, shownSize(bytes), objects.toLocaleString('en'), words];
}

const reasons: Readonly<Record<NonNullable<LakeFeed['freed']>['needed'][number]['need'], string>> = {
  production: 'production is made of them, or the next night asks them',
  'open run': 'a run or a plan is not over',
  'held run': 'a held run waits for a decision',
  quarantine: 'rows in quarantine can still be released',
};
