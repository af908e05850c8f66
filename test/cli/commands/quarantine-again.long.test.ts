import { globSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PriceDesk } from '../../support/vendors/price-desk.ts';

const DAY = '2026-11-18';
const RUN = `shop/${DAY}`;
const lines = ['1,one,1.00', '2,caf\u00e9,2.00', '3,\u0093three\u0094,3.00\u0080', '4,four,4.00\u0080', '5,,5.00'];

const described = (format: string, more = '') => `feed: shop
source: {folder: "./inbox/{date}"}
tables:
  prices:
    files: prices.csv
    format: {${format}}
    guards: {min_rows: 0, rejected: 90%, rows: [-90%, +500%]}
${more}    columns: {id: {type: bigint, key: true}, name: text, price: {type: "decimal(6,2)", replace: {"€": ""}}}
`;

/** As somebody writes it who takes windows-1252 for latin-1: its euro is a control character there, and no price ends with one. */
const wrong = 'encoding: latin-1';
const right = 'encoding: windows-1252';

/** A left-out comment is in no text that landed. */
const commented = (format: string) => `${format}, comment: "#"`;

test.each([
  ['what landed', wrong, right, lines, 0],
  ['the copy of their file', commented(wrong), commented(right), ['# a comment', ...lines], 1],
])('records that landed under a wrong encoding are converted again from %s', async (_, then, now, sent, copied) => {
  const desk = await deskAfterNight(described(then), sent);
  expect(copies(desk)).toHaveLength(copied);
  expect((await desk.ask('quarantine', 'list')).answer).toMatchObject({ rows: 2 });
  await desk.describe(described(now));

  const released = await desk.ask('quarantine', 'release', RUN);

  expect(released, released.stderr).toMatchObject({
    code: 0,
    answer: { state: 'published', released: { prices: { records: 2, released: 2 } } },
  });
  expect(await desk.sql`SELECT id::integer, name FROM prices ORDER BY prices.id`).toEqual([
    { id: 1, name: 'one' },
    { id: 2, name: 'café' },
    { id: 3, name: '“three”' },
    { id: 4, name: 'four' },
    { id: 5, name: null },
  ]);
  expect((await desk.ask('audit', desk.feed)).code).toBe(0);
  expect((await desk.ask('quarantine', 'release', RUN)).answer).toMatchObject({ state: 'unchanged' });
});

test('without a copy the release says so, and changes nothing', async () => {
  const desk = await deskAfterNight(described(commented(wrong), '    lake: {raw: drop}\n'), ['# a comment', ...lines]);
  expect(copies(desk)).toEqual([]);
  await desk.describe(described(commented(right)));

  const released = await desk.ask('quarantine', 'release', RUN);

  expect(released).toMatchObject({ code: 2, answer: { error: { name: 'RAW_DROPPED' } } });
  expect((await desk.ask('quarantine', 'list')).answer).toMatchObject({ rows: 2 });
});

test('options under which the file has other records release none', async () => {
  const desk = await deskAfterNight(described(wrong));
  await desk.describe(described(`${right}, comment: "2"`));

  const released = await desk.ask('quarantine', 'release', RUN);

  expect(released).toMatchObject({ code: 2, answer: { error: { name: 'RECORDS_DIFFER' } } });
  expect(released.answer.error.message).toContain('had 5 records in that night, and has 4');
});

async function deskAfterNight(feed: string, sent = lines): Promise<PriceDesk> {
  const desk = await PriceDesk.open(feed);
  onTestFinished(() => desk.close());
  const inbox = join(desk.folder, 'inbox', DAY);
  await mkdir(inbox, { recursive: true });
  await writeFile(join(inbox, 'prices.csv'), ['id,name,price', ...sent, ''].join('\n'), 'latin1');
  await utimes(join(inbox, 'prices.csv'), SETTLED, SETTLED);
  const night = await desk.night(DAY);
  expect(night, night.stderr).toMatchObject({ answer: { state: 'published', tables: { prices: { rejected: 2 } } } });
  return desk;
}

const SETTLED = new Date('2026-11-01T00:00:00Z');

function copies(desk: PriceDesk): string[] {
  return globSync(join(desk.home, 'lake', 'raw', '**', '*.zst'));
}
