import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { feedWith, PriceDesk } from '../../support/vendors/price-desk.ts';

const columns = (values: string) =>
  feedWith(`      state: {type: "enum(types.State)", values: [${values}]}
      email: citext
      photo: bytea
`);
const feed = columns('new, "a,b"');

async function deskWith(sql: string): Promise<PriceDesk> {
  const desk = await PriceDesk.open(feed);
  onTestFinished(() => desk.close());
  await desk.sql.unsafe(sql);
  return desk;
}

const deliver = (desk: PriceDesk, date: string, ...rows: string[]) =>
  desk.put(date, 'prices.csv', ['id,state,email,photo', ...rows]);
const stored = (desk: PriceDesk) =>
  desk.sql.unsafe('SELECT id::int, state::text, email::text, photo::text FROM prices ORDER BY id').values();
/** Over a connection of its own, because the SQL is a transaction. */
async function runAsShown(desk: PriceDesk, message: string): Promise<void> {
  const sql = postgres(desk.url, { max: 1, onnotice: () => {} });
  await sql.unsafe(statementsOf(message)).finally(() => sql.end());
}

const statementsOf = (message: string) => message.split('\n').slice(1).join('\n');

test('types that the database lacks are named with their SQL, and a night goes on when it was run', async () => {
  const desk = await deskWith('SELECT 1');
  await deliver(desk, '2026-11-20', '1,new,Ada@x.de,\\x00ff', '2,"a,b",,', '3,NEW,x,', '4,,b@x.de,\\x');

  const asked = await desk.night('2026-11-20');
  expect(asked).toMatchObject({ code: 2, answer: { error: { name: 'MIGRATION_NEEDED' } } });
  const sql = statementsOf(asked.answer.error.message);
  expect(sql).toContain(`CREATE TYPE "types"."State" AS ENUM ('new', 'a,b');`);
  expect(sql).toContain('CREATE EXTENSION citext WITH SCHEMA "public";');
  await desk.sql.unsafe('CREATE SCHEMA types');
  await runAsShown(desk, asked.answer.error.message);

  const night = await desk.night('2026-11-20');
  expect(night, night.stderr).toMatchObject({
    code: 0,
    answer: { state: 'published', tables: { prices: { inserted: 3, rejected: 1 } } },
  });
  const { answer } = await desk.ask('quarantine', 'show', 'shop/2026-11-20');
  expect(answer.rows).toMatchObject([{ code: 'ENUM', key: '3' }]);
  expect(await stored(desk)).toEqual([
    [1, 'new', 'Ada@x.de', '\\x00ff'],
    [2, 'a,b', null, null],
    [4, null, 'b@x.de', '\\x'],
  ]);

  await desk.describe(columns('new, "a,b", gone'));
  await deliver(desk, '2026-11-21', '1,gone,ada@X.de,\\x00FF', '2,"a,b",,', '4,,b@x.de,\\x');
  const second = await desk.night('2026-11-21');
  expect(second).toMatchObject({ code: 2, answer: { error: { name: 'MIGRATION_NEEDED' } } });
  expect(statementsOf(second.answer.error.message)).toContain(`ALTER TYPE "types"."State" ADD VALUE 'gone';`);
  await runAsShown(desk, second.answer.error.message);

  const third = await desk.night('2026-11-21');
  expect(third, third.stderr).toMatchObject({ code: 0, answer: { tables: { prices: { updated: 1, unchanged: 2 } } } });
  expect((await stored(desk))[0], 'a capital alone is a change').toEqual([1, 'gone', 'ada@X.de', '\\x00ff']);
  expect(await desk.ask('audit', desk.feed)).toMatchObject({ code: 0 });

  await deliver(desk, '2026-11-22', '1,gone,ada@X.de,\\x00FF', '2,"a,b",,', '4,,b@x.de,\\x01');
  expect(await desk.night('2026-11-22')).toMatchObject({
    code: 0,
    answer: { tables: { prices: { updated: 1, unchanged: 2 } } },
  });
});

test('a table with such columns is taken over, and the first night writes only what differs', async () => {
  const desk =
    await deskWith(`CREATE EXTENSION citext; CREATE SCHEMA types; CREATE TYPE types."State" AS ENUM ('old', 'a,b', 'new');
    CREATE TABLE prices (id bigint PRIMARY KEY, state types."State", email citext, photo bytea);
    INSERT INTO prices VALUES (1, 'old', 'Ada@x.de', '\\x00ff'), (2, 'a,b', NULL, '\\x'), (3, 'new', '', NULL)`);
  await deliver(desk, '2026-11-20', '1,new,Ada@x.de,\\x00ff', '2,"a,b",,\\x', '3,new,"",');

  const adopted = await desk.ask('adopt', desk.feed, '--date', '2026-11-19', '--yes');
  expect(adopted, adopted.stderr).toMatchObject({ code: 0, answer: { tables: { prices: 3 } } });

  const first = await desk.night('2026-11-20');
  expect(first, first.stderr).toMatchObject({ code: 0, answer: { tables: { prices: { updated: 1, unchanged: 2 } } } });
  expect(await desk.ask('audit', desk.feed)).toMatchObject({ code: 0 });
});

test('a jsonb in another spelling is no change, and what the server holds is what was delivered', async () => {
  const desk = await deskWith(`CREATE TABLE prices (id bigint PRIMARY KEY, attributes jsonb);
    INSERT INTO prices VALUES (1, '{"bb":1.50,"a":[]}'), (2, '{"a":1}'), (3, '1e3'), (4, NULL)`);
  await desk.describe(`${feed.split('      state:')[0]}      attributes: jsonb\n`);
  const send = (date: string, ...rows: string[]) => desk.put(date, 'prices.csv', ['id,attributes', ...rows]);
  expect(await desk.ask('adopt', desk.feed, '--date', '2026-11-19', '--yes')).toMatchObject({ code: 0 });

  await send('2026-11-20', '1,"{ ""a"" : [ ],""bb"":1.50}"', '2,"{""a"":1.0}"', '3,1000', '4,');
  const first = await desk.night('2026-11-20');
  expect(first, first.stderr).toMatchObject({ code: 0, answer: { tables: { prices: { updated: 1, unchanged: 3 } } } });

  await send('2026-11-21', '1,"{""bb"":1.50,""\\u0061"":[]}"', '2,"{""a"":1,""a"":2}"', '3,1E3', '4,"{""x"":""ü""}"');
  const second = await desk.night('2026-11-21');
  expect(second, second.stderr).toMatchObject({
    code: 0,
    answer: { tables: { prices: { updated: 1, rejected: 1, unchanged: 2 } } },
  });
  const found = await desk.sql.unsafe('SELECT attributes::text FROM prices ORDER BY id').values();
  expect(found.flat()).toEqual(['{"a": [], "bb": 1.50}', '{"a": 1.0}', '1000', '{"x": "ü"}']);
  expect(await desk.ask('audit', desk.feed)).toMatchObject({ code: 0 });
});

test('arrays are taken over, compared as PostgreSQL prints them, and proved', async () => {
  const desk =
    await deskWith(`CREATE TABLE prices (id bigint PRIMARY KEY, tags text[], sizes integer[], paid numeric(6,2)[]);
    INSERT INTO prices VALUES (1, '{a,"b c",NULL}', '{}', '{1.5}'), (2, '[0:1]={a,b}', '{{1},{2}}', '{NaN}'), (3, '{"null",""}', NULL, '{}')`);
  const declared = 'tags: {type: "text[]", separator: "|"}, sizes: "integer[]", paid: "decimal(6,2)[]"';
  await desk.describe(`${feed.split('    columns:')[0]}    columns: {id: {type: bigint, key: true}, ${declared}}\n`);
  const send = (date: string, ...rows: string[]) => desk.put(date, 'prices.csv', ['id,tags,sizes,paid', ...rows]);
  const odd = await desk.ask('adopt', desk.feed, '--date', '2026-11-19', '--yes');
  expect(odd).toMatchObject({ code: 2 });
  for (const name of ['tags', 'sizes', 'paid'])
    expect(odd.answer.error.message).toMatch(
      new RegExp(`column ${name} has a value in 1 rows that no delivery can have`),
    );
  await desk.sql.unsafe(`UPDATE prices SET tags = '{a,b}', sizes = '{1,2}', paid = '{2}' WHERE id = 2`);
  const adopted = await desk.ask('adopt', desk.feed, '--date', '2026-11-19', '--yes');
  expect(adopted, adopted.stderr).toMatchObject({ code: 0, answer: { tables: { prices: 3 } } });

  await send('2026-11-20', '1,a|b c,"{ }",{1.50}', '2,a|b,"[1, 2]","[""2""]"', '3,,,{}');
  const first = await desk.night('2026-11-20');
  expect(first, first.stderr).toMatchObject({ code: 0, answer: { tables: { prices: { updated: 2, unchanged: 1 } } } });
  const found = () => desk.sql.unsafe('SELECT tags::text, sizes::text, paid::text FROM prices ORDER BY id').values();
  expect(await found()).toEqual([
    ['{a,"b c"}', '{}', '{1.50}'],
    ['{a,b}', '{1,2}', '{2.00}'],
    [null, null, '{}'],
  ]);

  await send('2026-11-21', '1,b c|a,,"{NULL,1.5}"', '2,a||b,{1},{2}', '3,"",{},{}');
  const second = await desk.night('2026-11-21');
  expect(second, second.stderr).toMatchObject({ code: 0, answer: { tables: { prices: { updated: 2, rejected: 1 } } } });
  expect(await found()).toEqual([
    ['{"b c",a}', null, '{NULL,1.50}'],
    ['{a,b}', '{1,2}', '{2.00}'],
    ['{}', '{}', '{}'],
  ]);
  expect(await desk.ask('audit', desk.feed)).toMatchObject({ code: 0 });
});

test('a collation by which different texts are equal is refused before anything is written', async () => {
  const desk = await deskWith(
    `CREATE COLLATION "any case" (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TABLE prices (name text COLLATE "any case" PRIMARY KEY, note text COLLATE "any case")`,
  );
  await desk.describe(`${feed.split('    columns:')[0]}    columns: {name: {type: text, key: true}, note: text}\n`);
  const send = (date: string, ...rows: string[]) => desk.put(date, 'prices.csv', ['name,note', ...rows]);
  await send('2026-11-20', 'a,x', 'A,X');
  const refused = await desk.ask('adopt', desk.feed, '--date', '2026-11-19', '--yes');
  expect(refused).toMatchObject({ code: 2, answer: { error: { name: 'MIGRATION_NEEDED' } } });
  expect(refused.answer.error.message).toContain(
    'column name has the collation "public"."any case", by which different texts may be equal',
  );
  await desk.sql.unsafe('DROP TABLE prices');
  expect(await desk.night('2026-11-20')).toMatchObject({ code: 0, answer: { tables: { prices: { inserted: 2 } } } });

  await desk.sql.unsafe('DROP VIEW prices_versions; ALTER TABLE prices ALTER COLUMN note TYPE text COLLATE "any case"');
  await send('2026-11-21', 'a,X', 'A,X');
  for (const asked of [['run'], ['plan'], ['migrate']]) {
    const answer = await desk.ask(asked[0]!, desk.feed, ...(asked[0] === 'migrate' ? [] : ['--date', '2026-11-21']));
    expect(answer, asked[0]).toMatchObject({ code: 2, answer: { error: { name: 'MIGRATION_NEEDED' } } });
    expect(answer.answer.error.message).toContain('"note" has the collation "public"."any case"');
  }
  const doctor = await desk.ask('doctor', desk.feed, '--date', '2026-11-21');
  expect(JSON.stringify(doctor.answer)).toContain('any case');
  expect(await desk.sql.unsafe('SELECT note FROM prices ORDER BY name COLLATE "C"').values()).toEqual([['X'], ['x']]);
  await runAsShown(desk, (await desk.ask('migrate', desk.feed)).answer.error.message);
  const night = await desk.night('2026-11-21');
  expect(night, night.stderr).toMatchObject({ code: 0, answer: { tables: { prices: { updated: 1, unchanged: 1 } } } });
  expect(await desk.ask('audit', desk.feed)).toMatchObject({ code: 0 });
});

test('an enum that becomes another one, or text, changes by the SQL that migrate names', async () => {
  const desk =
    await deskWith(`CREATE EXTENSION citext; CREATE SCHEMA types; CREATE TYPE types."State" AS ENUM ('new', 'a,b');
    CREATE TYPE types.other AS ENUM ('new', 'a,b')`);
  await deliver(desk, '2026-11-20', '1,new,a,', '2,"a,b",b,');
  expect(await desk.night('2026-11-20')).toMatchObject({ code: 0 });
  for (const type of ['{type: "enum(types.other)", values: [new, "a,b"]}', 'citext', 'text']) {
    await desk.describe(feed.replace(/state: .*/, `state: ${type}`));
    const asked = await desk.ask('migrate', desk.feed);
    expect(asked).toMatchObject({ code: 2, answer: { error: { name: 'MIGRATION_NEEDED' } } });
    await runAsShown(desk, asked.answer.error.message);
    expect(await desk.ask('migrate', desk.feed), type).toMatchObject({ code: 0 });
  }
  await deliver(desk, '2026-11-21', '1,new,a,', '2,"a,b",b,');
  const night = await desk.night('2026-11-21');
  expect(night, night.stderr).toMatchObject({ code: 0, answer: { tables: { prices: { unchanged: 2 } } } });
});
