import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { readFeedFile } from '../../lib/feed-file/yaml.ts';
import { parseFeed } from '../support/parse-feed.ts';
import { feedFile } from '../support/vendors/night-vendor.ts';

const text = `${feedFile('{folder: .}')}\nschedule: {at: "02:30", timezone: UTC, holidays: {file: days/holidays.txt}}\n`;

async function holidaysOf(content: string | Buffer) {
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-holidays-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'feed.yaml'), text.replace('days/holidays.txt', 'holidays.txt'));
  await writeFile(join(folder, 'holidays.txt'), content);
  return (await readFeedFile(join(folder, 'feed.yaml'), feedSchema)).feed.schedule!.holidays;
}

test('the days of a file are in the feed, so that its document needs no file', async () => {
  expect(await holidaysOf('# of the exchange\r\n2027-01-01 # New Year\r\n\r\n  2026-12-25\r\n')).toEqual([
    '2026-12-25',
    '2027-01-01',
  ]);
});

test('a line that is no day is refused by its number, and what is hidden in it is shown', async () => {
  await expect(holidaysOf('2026-12-25\n2026-02-30\n25.12.2026\u202e\n')).rejects.toThrow(
    /holidays\.txt:2: expected a day such as 2026-12-25, received 2026-02-30\n.*holidays\.txt:3: .*received 25\.12\.2026\\u\{202e\}/,
  );
});

test('nothing is told of a file that is something else: its author may not be allowed to read it', async () => {
  const error = await holidaysOf('root:$6$salt$hash\n12345-secret\n').catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(/txt:1: .*received something else\n.*txt:2: .*received something else$/);
});

test('a file without an end, too many days, and no file are refused', async () => {
  await expect(holidaysOf(Buffer.alloc(100_001, '#'))).rejects.toThrow(/at most 100000 bytes, received 100001 bytes/);
  await expect(holidaysOf('2026-12-25\n'.repeat(1001))).rejects.toThrow('schedule.holidays');
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-holidays-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'feed.yaml'), text);
  await expect(readFeedFile(join(folder, 'feed.yaml'), feedSchema)).rejects.toThrow(
    /cannot read .*holidays\.txt: ENOENT/,
  );
});

test('where nobody knows the folder, a file of holidays is refused', () => {
  expect(() => parseFeed(text, 'feed.yaml')).toThrow('schedule.holidays: a file of holidays can be read only beside');
});
