import fc from 'fast-check';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { type ColumnType, plainTypes, typeName } from '../../../../lib/core/feed/values/column-type.ts';
import { traitsOf } from '../../../../lib/core/feed/values/type-traits.ts';
import { parseValue } from '../../../../lib/core/feed/values/value.ts';
import { canonicalText, fingerprintSums, postgresType, rowHash } from '../../../../lib/core/sql/dialects/postgres.ts';
import { fingerprintOfRows } from '../../../support/engines/fingerprint.ts';
import { rawValue } from '../../../support/engines/raw-value.ts';
import { describePostgres, freshDatabase, type PostgresVersion } from '../../../support/postgres/postgres.ts';

const types: readonly ColumnType[] = [
  ...plainTypes,
  'enum(public.Odd)',
  'varchar(4)',
  'text[]',
  'varchar(4)[]',
  'smallint[]',
  'integer[]',
  'bigint[]',
  'decimal(12,2)[]',
  'boolean[]',
  'date[]',
  'uuid[]',
  'decimal(12,2)',
  'decimal(38,0)',
  'decimal(38,38)',
];

/** PostgreSQL reads it by itself. */
const isLiteral = (type: ColumnType, text: string) => typeName(type) === 'array' && text.startsWith('{');

const ROWS = 400;

/** With what may stand in the text of a row otherwise. */
const makeTypes = `CREATE EXTENSION citext WITH SCHEMA public; CREATE TYPE public."Odd" AS ENUM ('a,b', 'NULL', '', 'ß', 'A')`;

describePostgres('canonical text', (version) => {
  test.each(types)('of %s is what core says, whatever else the session has set', async (type) => {
    const sql = await hostileSession(version);
    await sql.unsafe(makeTypes);
    const isSame = fc.asyncProperty(fc.array(rawValue(type), { minLength: ROWS, maxLength: ROWS }), async (raw) => {
      const canonical = raw.map((text) => parseValue({ type }, text));
      const accepted = raw.flatMap((text, index) =>
        canonical[index]!.code
          ? []
          : [
              {
                given:
                  traitsOf(type).number === 'float' || type === 'jsonb' || isLiteral(type, text)
                    ? text
                    : canonical[index]!.text!,
              },
            ],
      );
      const expected = canonical.flatMap((value) => (value.code ? [] : [value.text!]));
      expect(accepted.length).toBeGreaterThan(ROWS / 2);
      const zone = type === 'timestamptz' ? ` || '+00'` : '';

      const rows = await sql.unsafe(
        `SELECT ${canonicalText(type, 'v')} AS text
         FROM (SELECT ((r->>'given')${zone})::${postgresType(type)} AS v
               FROM jsonb_array_elements($1::text::jsonb) WITH ORDINALITY AS t (r, n) ORDER BY n) AS typed`,
        [JSON.stringify(accepted)],
      );

      expect(rows.map((row) => row.text)).toEqual(expected);
    });
    await fc.assert(isSame, { numRuns: 2 });
  });
});

test('the text of a row’s hash is read alike by people', () => {
  expect(
    rowHash(
      [
        { name: 'id', type: 'integer' },
        { name: 'a"b', type: 'double' },
        { name: 'at', type: 'timestamptz' },
        { name: 'note', type: 'text' },
      ],
      't',
    ),
  ).toBe(
    `('x' || md5(concat_ws(',', coalesce(t."id"::text, ''), ` +
      `coalesce(('x' || encode(float8send(t."a""b" + 0), 'hex'))::bit(64)::text, ''), ` +
      `coalesce((t."at" AT TIME ZONE 'UTC')::text, ''), coalesce(t."note", ''), coalesce(octet_length(t."note"), -1))))::bit(128)`,
  );
});

/** Texts that are odd for one type or another. */
const odd = fc.oneof(
  rawValue('smallint'),
  rawValue('real'),
  rawValue('double'),
  rawValue('text'),
  fc.integer({ min: -40000, max: 40000 }).map(String),
  fc.constantFrom(
    '1e39',
    '3.4028236e38',
    '3.4028235677973366e38',
    '7e-46',
    '7.1e-46',
    '-1e-46',
    '0e99',
    '1e-400',
    '2e-324',
    '3e-324',
    '2.4703282292062327e-324',
    '2.4703282292062328e-324',
    '1e309',
    '1.7976931348623158e308',
    '1.7976931348623159e308',
    '📏📏',
    'abc ',
  ),
);

describePostgres('what does not fit a type', (version) => {
  test.each(['smallint', 'real', 'double', 'varchar(2)'] as const)(
    '%s: PostgreSQL refuses it too, and takes the rest as the same value',
    async (type) => {
      const sql = await hostileSession(version);
      await sql.unsafe(
        `CREATE TABLE pg_temp.takes (v ${postgresType(type)});
       CREATE FUNCTION pg_temp.taken(raw text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
         DELETE FROM takes; EXECUTE format('INSERT INTO takes VALUES (%L)', raw);
         RETURN (SELECT ${canonicalText(type, 'v')} FROM takes);
       EXCEPTION WHEN data_exception THEN RETURN 'refused'; END $$`,
      );
      const isSame = fc.asyncProperty(fc.array(odd, { minLength: ROWS, maxLength: ROWS }), async (raw) => {
        const values = raw.map((text) => parseValue({ type }, text));
        const found = await sql.unsafe(
          `SELECT pg_temp.taken(raw) AS text FROM jsonb_array_elements_text($1::text::jsonb) WITH ORDINALITY AS t (raw, n) ORDER BY n`,
          [JSON.stringify(raw)],
        );
        // PostgreSQL reads blanks around numbers and underscores within, and cuts blanks off a long text; nightfeed takes none of these.
        const strict = raw.flatMap((text, index) => {
          const { code, text: expected } = values[index]!;
          const isOdd = code === 'FORMAT' || code === 'NOT_A_NUMBER' || (code === 'LENGTH' && / $/.test(text));
          return isOdd
            ? []
            : [{ text, expected: code === undefined ? expected : 'refused', found: found[index]!.text }];
        });

        expect(strict.map(({ text, found }) => [text, found])).toEqual(
          strict.map(({ text, expected }) => [text, expected]),
        );
        expect(new Set(values.map(({ code }) => code))).toContain(type.startsWith('varchar') ? 'LENGTH' : 'OVERFLOW');
      });
      await fc.assert(isSame, { numRuns: 3 });
    },
  );
});

describePostgres('what a type reads in several spellings', (version) => {
  test.each(['time', 'interval'] as const)('%s: PostgreSQL reads as the same value', async (type) => {
    const sql = await hostileSession(version);
    const isSame = fc.asyncProperty(fc.array(rawValue(type), { minLength: ROWS, maxLength: ROWS }), async (raw) => {
      const good = raw.flatMap((text) => {
        const { text: expected } = parseValue({ type }, text);
        return expected === undefined ? [] : [{ text, expected }];
      });
      expect(good.length).toBeGreaterThan(ROWS / 2);

      const found = await sql.unsafe(
        `SELECT raw AS text, ${canonicalText(type, `raw::${type}`)} AS expected
         FROM jsonb_array_elements_text($1::text::jsonb) WITH ORDINALITY AS t (raw, n) ORDER BY n`,
        [JSON.stringify(good.map(({ text }) => text))],
      );

      expect([...found]).toEqual(good);
    });
    await fc.assert(isSame, { numRuns: 5 });
  });
});

describePostgres('the fingerprint', (version) => {
  test('of many columns and rows with sums beyond 64 bits is what core says', async () => {
    const sql = await hostileSession(version);
    const columns = Array.from({ length: 300 }, (_, index) => ({
      name: `c${index}`,
      type: 'text' as const,
      key: index === 0,
      required: false,
      compare: true,
    }));
    const rows = Array.from({ length: 50 }, (_, row) =>
      columns.map((_column, index) => ((row + index) % 7 === 0 ? null : `€${row}.${index}`)),
    );
    await sql.unsafe(`CREATE TEMP TABLE t (${columns.map(({ name }) => `${name} text`).join(', ')})`);
    await sql.unsafe(
      `INSERT INTO t SELECT ${columns.map((_, index) => `r->>${index}`).join(', ')} FROM jsonb_array_elements($1::text::jsonb) AS r`,
      [JSON.stringify(rows)],
    );

    const [found] = await sql.unsafe(
      `SELECT ${fingerprintSums('hash')} AS sums FROM (SELECT ${rowHash(columns, 't')} AS hash FROM t) AS hashed`,
    );

    const unsigned = (sum: string) => BigInt.asUintN(64, BigInt(sum)).toString();
    const { rows: count, hi, lo } = found!.sums;
    expect({ rows: Number(count), hi: unsigned(hi), lo: unsigned(lo) }).toEqual(fingerprintOfRows(columns, rows));
  });

  test('of 1,590 columns can be computed', async () => {
    const sql = await hostileSession(version);
    const columns = Array.from({ length: 1590 }, (_, index) => ({ name: `c${index}`, type: 'bigint' as const }));
    await sql.unsafe(
      `CREATE TEMP TABLE t (${columns.map(({ name }) => `${name} bigint`).join(', ')}); INSERT INTO t DEFAULT VALUES`,
    );

    expect(
      await sql.unsafe(`SELECT ${rowHash(columns, 't')} = ('x' || md5(repeat(',', 1589)))::bit(128) AS same FROM t`),
    ).toEqual([{ same: true }]);
  });
});

async function hostileSession(version: PostgresVersion): Promise<postgres.Sql> {
  const database = await freshDatabase(version);
  const connection = {
    TimeZone: 'Asia/Kathmandu',
    DateStyle: 'ISO, DMY',
    // Every transaction of nightfeed sets it: interval values are read under it, too.
    IntervalStyle: 'postgres',
    extra_float_digits: -15,
    bytea_output: 'escape',
  };
  const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {}, connection });
  onTestFinished(async () => {
    await sql.end();
    await database.drop();
  });
  return sql;
}
