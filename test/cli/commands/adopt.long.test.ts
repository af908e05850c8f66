import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';

async function deskWith(sql: string, feed = feedText()): Promise<PriceDesk> {
  const desk = await PriceDesk.open(feed);
  onTestFinished(() => desk.close());
  await desk.sql.unsafe(sql);
  return desk;
}

const table = 'CREATE TABLE prices (id bigint PRIMARY KEY, name text, price numeric(6,2))';
const rows = `INSERT INTO prices VALUES (1, 'one', 1), (2, 'two, "too"', 2.50), (3, NULL, NULL), (4, '', 4), (5, E'five\\r\\n\\\\.\\n', 5)`;
/** What the vendor sends: row 2 is dearer, 4 is gone, 6 is new; the others are as they are in production. */
const delivery = ['1,one,1.00', '2,"two, ""too""",2.75', '3,,', '5,"five\r\n\\.\n",5', '6,six,6'];

const took = { seconds: expect.any(Number), attempts: 1 };

test('a table whose rows have no key is not taken over', async () => {
  const keyless = feedText()
    .replace('      id: {type: bigint, key: true}\n', '')
    .replace('files:', 'key: none\n    files:');
  const desk = await deskWith('CREATE TABLE prices (name text, price numeric(6,2))', keyless);
  expect(await desk.ask('adopt', desk.feed, '--yes', '--date', '2026-11-19')).toMatchObject({
    code: 2,
    answer: {
      error: {
        name: 'USAGE',
        message: expect.stringContaining('key: none'),
        hint: expect.stringContaining('Rename the table'),
      },
    },
  });
  const [row] = await desk.sql`SELECT count(*)::int AS n FROM information_schema.columns WHERE table_name = 'prices'`;
  expect(row!.n).toBe(2);
});

test('a production table is taken over, and the first night writes only what differs', async () => {
  const desk = await deskWith(`${table}; ${rows}`);
  await desk.deliver('2026-11-20', delivery);
  expect(await desk.night('2026-11-20')).toMatchObject({
    code: 2,
    answer: { error: { name: 'TABLE_EXISTS', hint: expect.stringContaining('nightfeed adopt') } },
  });

  const asked = await desk.ask('adopt', desk.feed);
  expect(asked).toMatchObject({ code: 2, answer: { error: { name: 'MIGRATION_NEEDED' } } });
  expect(asked.answer.error.message).toContain('ADD COLUMN _first_seen date NOT NULL DEFAULT');
  expect(await desk.sql`SELECT * FROM prices LIMIT 1`.then(([row]) => Object.keys(row!))).toEqual([
    'id',
    'name',
    'price',
  ]);

  const adopted = await desk.ask('adopt', desk.feed, '--date', '2026-11-19', '--yes');
  expect(adopted, adopted.stderr).toMatchObject({ code: 0, answer: { run: 'shop/2026-11-19', tables: { prices: 5 } } });
  expect(await desk.agrees()).toBe(true);
  expect(
    await desk.sql`SELECT state, message->>'subject' AS subject FROM nightfeed.outbox WHERE sent_at IS NOT NULL`,
  ).toEqual([{ state: 'published', subject: 'nightfeed shop/2026-11-19: published' }]);
  expect((await desk.ask('history')).answer.runs).toMatchObject([
    {
      run: 'shop/2026-11-19',
      state: 'published',
      origin: { kind: 'adopt', tables: ['prices'] },
      step_times: { export: took, publish: took },
    },
  ]);
  expect(await desk.ask('adopt', desk.feed, '--yes')).toMatchObject({ code: 0, answer: { run: null, tables: {} } });

  const first = await desk.night('2026-11-20');
  expect(first, first.stderr).toMatchObject({
    code: 0,
    answer: {
      run: 'shop/2026-11-20',
      state: 'published',
      tables: { prices: { inserted: 1, updated: 1, gone: 1, unchanged: 3, engine: 'duckdb' } },
    },
  });
  expect(await desk.rows()).toEqual([
    ['1', 'one', '1.00'],
    ['2', 'two, "too"', '2.75'],
    ['3', null, null],
    ['5', 'five\r\n\\.\n', '5.00'],
    ['6', 'six', '6.00'],
  ]);
  expect(await desk.agrees()).toBe(true);
  expect(
    await desk.sql`SELECT id::text, price::text, _valid_from, _valid_to FROM prices_history ORDER BY 1`.values(),
  ).toEqual(
    [
      ['2', '2.50', '2026-11-19', '2026-11-20'],
      ['4', '4.00', '2026-11-19', '2026-11-20'],
    ].map(([id, price, from, to]) => [id, price, new Date(from!), new Date(to!)]),
  );

  const next = await desk.publish('2026-11-21', delivery);
  expect(next.tables.prices).toMatchObject({ inserted: 0, updated: 0, gone: 0, unchanged: 5 });
});

test('a forced lockstep says why it cannot walk the base', async () => {
  const desk = await deskWith(`${table}; ${rows}`, feedText({ engine: 'lockstep' }));
  await desk.ask('adopt', desk.feed, 'prices', '--date', '2026-11-19', '--yes');
  await desk.publish('2026-11-20', delivery);
  const [receipt] = await desk.receipts('2026-11-20', 'diff');
  expect(receipt.tables.prices).toMatchObject({
    engine: 'duckdb',
    reason: 'the base was read from production, and has no records to walk along',
  });
});

test('what does not fit is listed with the SQL that mends it, and nothing is touched', async () => {
  const desk = await deskWith(
    `CREATE TABLE prices (id integer, price numeric(8,4), seller text NOT NULL);
     INSERT INTO prices VALUES (1, 2, 'me'), (2, 'NaN', 'you')`,
  );
  const refused = await desk.ask('adopt', desk.feed, '--yes');
  expect(refused).toMatchObject({ code: 2, answer: { error: { name: 'MIGRATION_NEEDED' } } });
  const { message } = refused.answer.error;
  for (const line of [
    'public.prices: column id is integer; the feed file says bigint',
    'public.prices: column name is missing',
    'public.prices: column price is numeric(8,4); the feed file says numeric(6,2)',
    'public.prices: the primary key is missing; the feed file says id',
    'public.prices: column seller is not in the feed file, and no row may be without it',
  ])
    expect(message).toContain(line);

  await desk.sql.unsafe(
    message
      .split('\n')
      .filter((line: string) => line.startsWith('ALTER TABLE'))
      .join('\n'),
  );
  const odd = await desk.ask('adopt', desk.feed, '--yes');
  expect(odd.answer.error.message).toContain('column price has a value in 1 rows that no delivery can have');
  await desk.sql.unsafe(odd.answer.error.message.split('\n').at(-1));
  expect(await desk.ask('adopt', desk.feed, '--yes')).toMatchObject({ code: 0, answer: { tables: { prices: 2 } } });
  expect(await desk.agrees()).toBe(true);

  expect(await desk.ask('adopt', desk.feed, 'stock')).toMatchObject({ code: 2, answer: { error: { name: 'USAGE' } } });
  await desk.sql`CREATE VIEW public.shelf AS SELECT 1 AS id`;
  await desk.describe(feedText().replaceAll('prices:', 'shelf:'));
  expect((await desk.ask('adopt', desk.feed)).answer.error.message).toContain('shelf is not an ordinary table');
});

test('a row that somebody writes between export and registration is noticed', async () => {
  const desk = await deskWith(`${table}; ${rows}`);
  const command = desk.start(['adopt', desk.feed, '--date', '2026-11-19', '--yes'], {
    NIGHTFEED_FAIL_AT: 'diff.engine:stop',
  });
  await command.frozen();
  await desk.sql`UPDATE prices SET price = 9 WHERE id = 1`;
  const { code, json } = await command.thaw();
  expect(code).toBe(1);
  expect(json).toMatchObject({
    error: { name: 'DRIFT', message: expect.stringContaining('somebody wrote meanwhile') },
  });
  expect(await desk.sql`SELECT count(*)::integer AS runs FROM nightfeed.run`).toEqual([{ runs: 0 }]);
  expect(await desk.ask('adopt', desk.feed, '--date', '2026-11-19', '--yes')).toMatchObject({
    code: 0,
    answer: { run: 'shop/2026-11-19' },
  });
  expect(await desk.agrees()).toBe(true);
});

test('every column type survives the way, and a table comes to a feed that runs already', async () => {
  const types = `
  kinds:
    files: kinds.csv
    guards: {min_rows: 0, rows: [-90%, +500%]}
    columns:
      id: {type: uuid, key: true}
      n: integer
      d: double
      yes: boolean
      day: date
      at: timestamp
      instant: timestamptz
      doc: json
      part: {type: "decimal(3,3)"}
`;
  const desk = await PriceDesk.open();
  onTestFinished(() => desk.close());
  await desk.publish('2026-11-18', ['1,one,1']);
  await desk.sql.unsafe(`
    CREATE TABLE public.kinds (id uuid PRIMARY KEY, n integer, d double precision, yes boolean, day date, at timestamp, instant timestamptz, doc json, part numeric(3,3), extra text);
    INSERT INTO public.kinds VALUES
      ('00000000-0000-0000-0000-00000000000a', -2147483648, 0.1, true, '1000-01-01', '2026-11-01 10:00:00.123456', '2026-11-01 10:00:00.5+02', '{"a": [1,  "b"]}', 0.125),
      ('00000000-0000-0000-0000-00000000000b', 7, -0.0, false, '9999-12-31', '9999-12-31 23:59:59.999999', '1969-12-31 23:59:59Z', '"x"', -0.5),
      ('00000000-0000-0000-0000-00000000000c', NULL, 1e300, NULL, NULL, NULL, NULL, NULL, NULL)`);
  await desk.describe(feedText({ rest: types }));
  const adopted = await desk.ask('adopt', desk.feed, '--yes');
  expect(adopted, adopted.stderr).toMatchObject({
    code: 0,
    answer: { run: 'shop/2026-11-18-r2', tables: { kinds: 3 } },
  });
  expect(await desk.agrees()).toBe(true);

  await desk.deliver('2026-11-19', ['1,one,1']);
  await desk.put('2026-11-19', 'kinds.csv', [
    'id,n,d,yes,day,at,instant,doc,part',
    '00000000-0000-0000-0000-00000000000a,-2147483648,0.1,true,1000-01-01,2026-11-01 10:00:00.123456,2026-11-01T08:00:00.5Z,"{""a"": [1,  ""b""]}",0.125',
    '00000000-0000-0000-0000-00000000000b,7,0,f,9999-12-31,9999-12-31 23:59:59.999999,1969-12-31 23:59:59Z,"""x""",-.5',
    '00000000-0000-0000-0000-00000000000c,,1e300,,,,,,',
  ]);
  const night = await desk.night('2026-11-19');
  expect(night, night.stderr).toMatchObject({
    code: 0,
    answer: {
      state: 'published',
      tables: { prices: { unchanged: 1 }, kinds: { inserted: 0, updated: 0, gone: 0, unchanged: 3 } },
    },
  });
});

test('a lake that lost the base gets it back from production; one that somebody changed does not', async () => {
  const desk = await PriceDesk.open();
  onTestFinished(() => desk.close());
  await desk.publish('2026-11-18', delivery);
  rmSync(join(desk.home, 'lake'), { recursive: true });
  const night = await desk.publish('2026-11-19', [...delivery.slice(1), '7,seven,7']);
  expect(night.tables.prices).toMatchObject({ inserted: 1, updated: 0, gone: 1, unchanged: 4, engine: 'duckdb' });
  expect(await desk.agrees()).toBe(true);

  rmSync(join(desk.home, 'lake', 'landing'), { recursive: true });
  await desk.sql`UPDATE prices SET price = 9 WHERE id = 7`;
  await desk.deliver('2026-11-20', delivery);
  expect(await desk.night('2026-11-20')).toMatchObject({
    code: 1,
    answer: { state: 'failed', error: { name: 'DRIFT' } },
  });
  await desk.sql`UPDATE prices SET price = 7 WHERE id = 7`;
  const mended = await desk.night('2026-11-20');
  expect(mended, mended.stderr).toMatchObject({
    code: 0,
    answer: { tables: { prices: { inserted: 0, returned: 1, gone: 1 } } },
  });
  expect(await desk.agrees()).toBe(true);
});

test('a table of every type with a canonical text of its own is taken over, and the same values are no change', async () => {
  const columns = [
    ...['small: smallint', 'weight: real', 'label: "varchar(5)"', 'opens: time', 'lasts: interval'].map(
      (column) => `      ${column}\n`,
    ),
  ];
  const feed = feedText().replace('      name: text\n', `      name: text\n${columns.join('')}`);
  const desk = await deskWith(
    `CREATE TABLE prices (id bigint PRIMARY KEY, name text, small smallint, weight real, label varchar(5), opens time, lasts interval, price numeric(6,2));
     INSERT INTO prices VALUES
       (1, 'one', -32768, 0.1, '📏📏📏📏📏', '24:00', '-1 mon +2 days -00:00:01.5', 1),
       (2, 'two', 0, 3.4028235e38, 'a b  ', '09:30:00.5', '100:00:00', 2),
       (3, NULL, NULL, '-0', NULL, NULL, '1 day', 3)`,
    feed,
  );
  const adopted = await desk.ask('adopt', desk.feed, '--date', '2026-11-19', '--yes');
  expect(adopted, adopted.stderr).toMatchObject({ code: 0, answer: { tables: { prices: 3 } } });
  await desk.put('2026-11-20', 'prices.csv', [
    'id,name,small,weight,label,opens,lasts,price',
    '1,one,-32768,1e-1,📏📏📏📏📏,24:00:00,P-1M2DT-1.5S,1.00',
    '2,two,0,3.4028235e38,a b  ,09:30:00.500,PT100H,2',
    '3,,,0,,,PT24H,3',
  ]);
  expect(await desk.night('2026-11-20')).toMatchObject({
    code: 0,
    answer: { tables: { prices: { updated: 1, unchanged: 2 } } },
  });
  expect(await desk.sql`SELECT lasts::text FROM prices WHERE id = 3`.then(([row]) => row!.lasts)).toBe('24:00:00');
  expect(await desk.agrees()).toBe(true);
});
