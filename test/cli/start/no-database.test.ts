import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answerOf, nightfeed } from '../../support/nights/command-line.ts';

test('a command that looks at files alone starts no embedded PostgreSQL', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-sample-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 't.csv'), 'id\n1\n');
  const columns = '{id: {type: bigint, key: true}}';
  await writeFile(
    join(folder, 'feed.yaml'),
    `feed: shop\nsource: {folder: .}\ntables: {t: {files: t.csv, columns: ${columns}}}\n`,
  );
  const ended = await nightfeed(['sample', join(folder, 'feed.yaml'), '--json']);
  expect(answerOf(ended)).toMatchObject({ tables: [{ records: [{ row: { id: '1' } }] }] });
  expect(existsSync(join(folder, '.nightfeed', 'postgres'))).toBe(false);
});
