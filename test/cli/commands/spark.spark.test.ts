import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEngines } from '../../support/engines/engines.ts';
import { answerOf, nightfeed } from '../../support/nights/command-line.ts';
import { copyOwnFiles } from '../../support/nights/own-files.ts';
import { freshDatabase } from '../../support/postgres/postgres.ts';

describeEngines(['spark'], () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let folder: string;
  beforeAll(async () => {
    database = await freshDatabase();
    folder = await mkdtemp(join(tmpdir(), 'nightfeed-spark-'));
    await copyOwnFiles(folder);
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  test('two nights on a laptop, by Spark above a size', async () => {
    const feed = join(folder, 'feed.yaml');
    writeFileSync(feed, `${readFileSync(feed, 'utf8')}\nspark: {above: 0MB}\n`);
    const env = { NIGHTFEED_DATABASE_URL: database.url, NIGHTFEED_HOME: join(folder, 'home') };
    for (const date of ['2026-11-19', '2026-11-20']) {
      const ended = await nightfeed(['run', feed, '--date', date, '--json'], env, folder);
      expect(ended.code, ended.stderr).toBe(0);
      expect(answerOf(ended)).toMatchObject({ state: 'published' });
    }
    const audit = await nightfeed(['audit', feed, '--json'], env, folder);
    expect(audit.code, audit.stdout).toBe(0);
  });
});
