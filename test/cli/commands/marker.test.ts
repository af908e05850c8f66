import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Desk, itemsCsv } from '../../support/nights/command-line.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await desk.describe('ready: {marker: _SUCCESS}\n', './inbox/all');
});
afterEach(() => desk.close());

/** Files and marker, as last written on this day of November. */
async function written(day: number, rows: number, name = 'items.csv'): Promise<void> {
  await desk.deliver('all', itemsCsv(rows));
  if (name !== 'items.csv') await writeFile(join(desk.folder, 'inbox/all', name), '');
  const time = new Date(Date.UTC(2026, 10, day));
  await utimes(join(desk.folder, 'inbox/all', name), time, time);
}
const night = (day: number) => desk.ask('run', desk.feed, '--date', `2026-11-${day}`);

test('a marker that lies there from yesterday lets nothing in, until it is written anew', async () => {
  await written(18, 100);
  await written(18, 100, '_SUCCESS');
  expect(await night(18)).toMatchObject({ code: 0, answer: { state: 'published' } });

  await written(19, 99);
  const early = await night(19);
  expect(early).toMatchObject({ code: 4, answer: { state: 'late' } });
  expect(early.answer.error.message).toContain('was not written anew since the last delivery');

  await written(19, 99);
  await written(19, 99, '_SUCCESS');
  expect(await night(19)).toMatchObject({ code: 0, answer: { tables: { items: { gone: 1 } } } });
  expect(await night(19)).toMatchObject({ code: 0, answer: { state: 'unchanged' } });
});
