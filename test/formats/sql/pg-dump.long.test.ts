import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POSTGRES_15, type ThrowawayServer, throwawayServer } from '../../support/postgres/throwaway-server.ts';
import { readDump } from './read-dump.ts';

const pgDump = join(POSTGRES_15, 'pg_dump');
const isMissing = !existsSync(pgDump);

const made = `
CREATE TABLE "odd ""name" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x text);
INSERT INTO "odd ""name" (x) VALUES ('of another table; INSERT INTO products VALUES (9);');
CREATE TABLE products (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text DEFAULT 'a ''name''; (x)',
  price numeric(12,2), "Key" text, day date, at timestamptz, flag boolean, bytes bytea, n double precision, data jsonb,
  bits bit(3), twice numeric GENERATED ALWAYS AS (price * 2) STORED
);
COMMENT ON TABLE products IS 'no; rows';
INSERT INTO products (name, price, "Key", day, at, flag, bytes, n, data, bits) VALUES
  ('one', 1.00, 'k', '2026-11-20', '2026-11-20 10:00:00+00', true, '\\x00ff', 1.5, '{"a": [1, "b"]}', B'101'),
  (E'it''s "two"\\\\ with\\ttab, and\\nlines\\r\\n; DROP TABLE products; -- no', -2.5, NULL, NULL, NULL, false, '', 'NaN', NULL, NULL),
  (E'größe €𝄞 \\\\N \\\\. \\b\\f\\v\\x01', NULL, '\\N', NULL, NULL, NULL, NULL, '-Infinity', NULL, NULL),
  ('', 0, '\\.', 'infinity', NULL, NULL, NULL, 1e300, NULL, NULL),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN DELETE FROM products; RETURN NEW; END; $body$;
CREATE TRIGGER touched BEFORE DELETE ON products FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW cheap AS SELECT id FROM products WHERE price < 2;`;

describe.skipIf(isMissing)(`what pg_dump writes${isMissing ? ' (skipped: PostgreSQL 15 is not here)' : ''}`, () => {
  let server: ThrowawayServer;
  let rows: (string | null)[][];
  beforeAll(async () => {
    server = await throwawayServer(15);
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await sql.unsafe(made);
    const names = 'id, name, price, "Key", day, at, flag, bytes, n, data, bits'.split(', ');
    const found = await sql
      .unsafe(`SELECT ${names.map((name) => `${name}::text`).join(', ')} FROM products ORDER BY products.id`)
      .values();
    rows = found.map((row) => [...row]) as (string | null)[][];
    await sql.end();
  });
  afterAll(() => server?.stop());

  const dumped = (...options: string[]) =>
    execFileSync(pgDump, [`--dbname=${server.url}`, ...options], { env: { TZ: 'UTC', PGTZ: 'UTC' } });
  /** COPY writes booleans by their first letter. */
  const asCopied = (all: (string | null)[][]) =>
    all.map((row) => row.map((text) => (text === 't' ? 'true' : text === 'f' ? 'false' : text)));

  test.each([
    ['--no-comments'],
    ['--inserts'],
    ['--column-inserts'],
    ['--rows-per-insert=2'],
    ['--inserts', '--clean', '--if-exists'],
  ])('%j is read as PostgreSQL prints the rows', async (...options) => {
    const isByInsert = options.length > 0;
    const found = await readDump(dumped(...options), { table: 'products' }, 64);
    expect(found.header.slice(0, 11)).toEqual([
      'id',
      'name',
      'price',
      'Key',
      'day',
      'at',
      'flag',
      'bytes',
      'n',
      'data',
      'bits',
    ]);
    expect(asCopied(found.rows.map((row) => row.slice(0, 11)))).toEqual(rows);
    expect(found.rejects).toEqual([]);
    expect(found.notes.at(-1)).toBe('1 row(s) of other tables left out');
    expect(isByInsert).toBe(options.length > 0);
  });

  test('of the other table too, whose name is odd', async () => {
    const found = await readDump(dumped('--inserts'), { table: 'odd "name' });
    expect(found.rows).toEqual([['1', 'of another table; INSERT INTO products VALUES (9);']]);
  });

  test.each([
    ['--on-conflict-do-nothing', '--inserts'],
    ['--format=custom', '--compress=0'],
  ])('%s is refused', async (...options) => {
    const name = options[0] === '--format=custom' ? 'BAD_MAGIC' : 'SQL_STATEMENT';
    await expect(readDump(dumped(...options), { table: 'products' })).rejects.toMatchObject({ name });
  });

  test('cut anywhere it is refused', async () => {
    for (const options of [[], ['--inserts']]) {
      const whole = dumped(...options);
      const marker = whole.lastIndexOf('-- PostgreSQL database dump complete');
      for (let length = 0; length < marker; length += 97)
        await expect(
          readDump(whole.subarray(0, length), { table: 'products' }, length + 1),
          String(length),
        ).rejects.toHaveProperty('state', 'refused');
    }
  });
});
