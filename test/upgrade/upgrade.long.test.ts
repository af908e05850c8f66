import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, nightfeed } from '../support/nights/command-line.ts';
import { type FreshDatabase, freshDatabase } from '../support/postgres/postgres.ts';
import { unpack } from './packed-folder.ts';
import { deliver, feeds, nightsBefore, type UpgradeNight, writeFeeds } from './scenario.ts';

/** Lakes and databases as earlier versions left them, by their commit; README.md says how one is added. */
const versions = (await readdir(import.meta.dirname)).filter((name) => /^[0-9a-f]{7}$/.test(name));

describe.each(versions)('what %s left', (version) => {
  let folder: string;
  let database: FreshDatabase;
  let sql: postgres.Sql;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upgrade-'));
    database = await freshDatabase();
    sql = postgres(database.url, { max: 1, onnotice: () => {}, fetch_types: false });
    await writeFeeds(folder);
    for (const night of nightsBefore) await deliver(folder, night);
    await unpack(join(import.meta.dirname, version, 'home.json.zst'), join(folder, 'home'));
    const dump = await readFile(join(import.meta.dirname, version, 'database.sql'), 'utf8');
    await sql.unsafe(dump.replaceAll('{folder}', folder));
    await sql`SELECT set_config('search_path', 'public', false)`;
    expect(await ask('migrate', join(folder, 'plain.yaml'))).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  async function ask(...args: string[]) {
    const env = { NIGHTFEED_DATABASE_URL: database.url, NIGHTFEED_HOME: join(folder, 'home') };
    const ended = await nightfeed([...args, '--json'], env, folder);
    return { code: ended.code, answer: answerOf(ended) };
  }

  const run = (feed: string, date: string, ...more: string[]) =>
    ask('run', join(folder, `${feed}.yaml`), '--date', date, ...more);

  async function night({ feed, date, files }: UpgradeNight) {
    await deliver(folder, { feed, date, files });
    return run(feed, date);
  }

  /** Live rows as text, and whether a row is gone. */
  async function rowsOf(table: string, columns: string): Promise<string[]> {
    const rows = await sql.unsafe(
      `SELECT concat_ws(' ', ${columns.split(' ').map((column) => `coalesce(${column}::text, '~')`)}, CASE WHEN _gone_since IS NOT NULL THEN 'gone' END) AS row
       FROM ${table} ORDER BY 1`,
    );
    return rows.map(({ row }) => row);
  }

  async function expectAudit(feed: string): Promise<void> {
    const { code, answer } = await ask('audit', join(folder, `${feed}.yaml`));
    expect({ code, answer }).toMatchObject({ code: 0 });
  }

  test('a feed whose meaning is the same: unchanged stays unchanged, and the next night is as any', async () => {
    expect(await run('plain', '2026-11-19')).toMatchObject({ code: 0, answer: { state: 'unchanged' } });
    const { code, answer } = await night({
      feed: 'plain',
      date: '2026-11-20',
      files: { items: ['id,name,price', '1,one,1.00', '2,two,2.75', '4,four,4', '5,five,5.00', '6,six,x'] },
    });
    expect({ code, answer }).toMatchObject({ code: 0, answer: { state: 'published' } });
    expect(answer.tables.items).toMatchObject({ engine: 'lockstep', updated: 1, returned: 1, gone: 1, rejected: 1 });
    expect(await rowsOf('items', 'id name price')).toEqual([
      '1 one 1.00',
      '2 two 2.75',
      '3 three 3.00 gone',
      '4 four 4.00',
      '5 five 5.00',
    ]);
    // Guards may get other defaults, and the feed another hash with them; what its bytes mean is the same.
    const readings = await sql`SELECT DISTINCT reading FROM nightfeed.run WHERE feed = 'plain'`;
    expect(readings).toHaveLength(1);
    await expectAudit('plain');
  });

  test('a held run goes on as it was meant, and the next night as it is meant now', async () => {
    await rm(join(folder, 'home/lake/receipts/waiting/2026-11-19/diff'), { recursive: true });
    const approve = () => ask('approve', 'waiting/2026-11-19', '--by', 'somebody', '--reason', 'the vendor said so');
    // It is compared again. Where the plan is another since, that is another change set, which wants an approval of its own.
    const first = await approve();
    const approved = first.answer.state === 'held' ? await approve() : first;
    expect(approved).toMatchObject({ code: 0, answer: { state: 'published' } });
    expect(await rowsOf('prices', 'id price')).toEqual(['1 ~', '2 ~', '3 30.00', '4 4.00 gone']);
    const next = await night({
      feed: 'waiting',
      date: '2026-11-20',
      files: { prices: ['id,amount', '1,x', '2,2', '3,oops', '5,5'] },
    });
    expect(next).toMatchObject({ code: 0, answer: { state: 'published' } });
    expect(next.answer.tables.prices).toMatchObject({ inserted: 1, updated: 1, gone: 0, unchanged: 0, rejected: 2 });
    expect(await rowsOf('prices', 'id price')).toEqual(['1 ~', '2 2.00', '3 30.00', '4 4.00 gone', '5 5.00']);
    await expectAudit('waiting');
  });

  test('old quarantine is released as today means it', async () => {
    await writeFile(join(folder, 'shaped.yaml'), feeds.shaped!.replace('max: 10', 'max: 100'));
    const released = await ask('quarantine', 'release', 'shaped/2026-11-19', join(folder, 'shaped.yaml'));
    expect(released).toMatchObject({ code: 0, answer: { state: 'published' } });
    expect(await rowsOf('offers', 'id opened_on price quantity')).toEqual([
      '1 2026-01-01 2000.50 1',
      '2 ~ 7.00 2',
      '3 2026-01-03 ~ 3',
      '4 2026-01-04 4.00 4 gone',
      '5 2026-01-05 5.00 50',
    ]);
    const { answer } = await ask('quarantine', 'list');
    expect(answer.quarantine).toContainEqual(expect.objectContaining({ feed: 'shaped', code: 'CAST', rows: 1 }));
    await expectAudit('shaped');
  });

  test('the next night of a feed whose casts did not fit: each side as it was meant', async () => {
    const next = await night({
      feed: 'shaped',
      date: '2026-11-20',
      files: {
        offers: [
          'id,opened,amount,quantity',
          '1,2026-01-01,"2,000.50",1',
          '2,never,8,2',
          '3,2026-01-03,33,3',
          '5,2026-01-05,five,50',
        ],
        stock: ['sku,quantity,note', 'a,11,1', 'd,4,5'],
        wide: ['code,a,b', 'k1,a1 again,b1', 'k2,a2,b2 again'],
      },
    });
    expect(next).toMatchObject({ code: 0, answer: { state: 'published' } });
    expect(next.answer.tables).toMatchObject({
      offers: { inserted: 0, updated: 1, gone: 0, rejected: 2 },
      stock: { updated: 1, returned: 1, gone: 1, retained: 1 },
      wide: { inserted: 0, updated: 1, unchanged: 1 },
    });
    expect(await rowsOf('offers', 'id opened_on price quantity')).toEqual([
      '1 2026-01-01 2000.50 1',
      '2 ~ 7.00 2',
      '3 2026-01-03 33.00 3',
      '4 2026-01-04 4.00 4 gone',
      '5 2026-01-05 5.00 50',
    ]);
    // The condition cannot tell of c, whose note is no number: it stays. Of e it could not either, and e went under the meaning of then.
    expect(await rowsOf('stock', 'sku quantity note')).toEqual(['a 11 1', 'c 3 x gone', 'd 4 5']);
    expect(await rowsOf('wide', 'code a b')).toEqual(['k1 a1 again b1', 'k2 a2 b2 again']);
    const history = await sql<{ row: string }[]>`
      SELECT concat_ws(' ', sku, quantity, note, _valid_from, _valid_to) AS row FROM stock_history ORDER BY 1`;
    expect(history.map(({ row }) => row)).toEqual([
      'a 1 1 2026-11-18 2026-11-19',
      'a 10 1 2026-11-19 2026-11-20',
      'b 2 0 2026-11-18 2026-11-19',
      'c 3 x 2026-11-18 2026-11-20',
      'd 4 5 2026-11-18 2026-11-19',
      'e 5 y 2026-11-18 2026-11-19',
    ]);
    await expectAudit('shaped');
  });

  test('the same again is unchanged, once a feed is read as it is meant now', async () => {
    expect(await run('shaped', '2026-11-20')).toMatchObject({ code: 0, answer: { state: 'unchanged' } });
  });
});
