import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isFull } from '../../support/full.ts';
import { Desk, itemsCsv } from '../../support/nights/command-line.ts';
import { atMidnight, daysAgo, Serving } from '../../support/nights/serving.ts';

/** FULL=1 has as many as a feed has in half a year. */
const NIGHTS = isFull ? 200 : 9;
/** By then everything is loaded that is loaded once. */
const WARM = 4;

test(`${NIGHTS} nights in one process leave nothing behind in it, in the database or in the lake`, async () => {
  const desk = await Desk.open();
  onTestFinished(() => desk.close());
  await desk.describe(atMidnight);
  for (let day = NIGHTS; day >= 0; day -= 1) await desk.deliver(daysAgo(day), itemsCsv(20, day % 7));
  expect((await desk.run('run', desk.feed, '--date', daysAgo(NIGHTS))).code).toBe(0);
  const objects = () =>
    readdirSync(join(desk.folder, 'home/lake'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    ).length;

  const serving = new Serving(desk);
  onTestFinished(() => void serving.process.kill('SIGKILL'));
  const seen: { readonly handles: number; readonly memory: number; readonly objects: number }[] = [];
  for (let day = NIGHTS - 1; day >= 0; day -= 1) {
    expect(await serving.event({ event: 'ended', date: daysAgo(day) })).toMatchObject({ state: 'published', exit: 0 });
    seen.push({ ...serving.holds(), objects: objects() });
  }
  expect(serving.events.filter(({ event }) => event === 'ended')).toHaveLength(NIGHTS);
  await expect.poll(() => serving.children(), { timeout: 30_000 }).toEqual([]);
  const last = { ...serving.holds(), objects: objects() };
  serving.process.kill('SIGTERM');
  expect((await serving.ended).code).toBe(0);

  const warm = seen[WARM - 1]!;
  expect(last.handles).toBeLessThanOrEqual(warm.handles);
  expect(last.memory - warm.memory, JSON.stringify(seen)).toBeLessThan(30_000);
  // Each night adds the same objects, and none is left of one that was lost.
  const grown = seen.slice(1).map(({ objects: now }, before) => now - seen[before]!.objects);
  expect(new Set(grown).size, grown.join(' ')).toBe(1);
  expect(await desk.query("SELECT relname FROM pg_class WHERE relnamespace = 'nightfeed_stage'::regnamespace")).toEqual(
    [],
  );
  expect(await desk.query('SELECT DISTINCT state FROM nightfeed.run')).toEqual([{ state: 'published' }]);
  expect(await desk.query('SELECT count(*)::integer FROM nightfeed.outbox WHERE sent_at IS NULL')).toEqual([
    { count: 0 },
  ]);
}, 1_800_000);
