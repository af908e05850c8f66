import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quoteLiteral } from '../../../../lib/core/feed/identifier.ts';
import type { ColumnType } from '../../../../lib/core/feed/values/column-type.ts';
import { parseValue } from '../../../../lib/core/feed/values/value.ts';
import { canonicalText, postgresType } from '../../../../lib/core/sql/dialects/postgres.ts';
import { changeType } from '../../../../lib/target/postgres/tables/table-ddl.ts';
import { describePostgres, type FreshDatabase, freshDatabase } from '../../../support/postgres/postgres.ts';

describePostgres('the SQL for another type', (version) => {
  let database: FreshDatabase;
  let sql: postgres.Sql;
  beforeAll(async () => {
    database = await freshDatabase(version);
    sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} });
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  const change = async (from: ColumnType, to: ColumnType, values: readonly string[]) => {
    await sql.unsafe(`DROP TABLE IF EXISTS t; CREATE TABLE t (n integer, v ${postgresType(from)})`);
    const rows = values.map((value, index) => `(${index}, ${quoteLiteral(value)})`);
    await sql.unsafe(`INSERT INTO t VALUES ${rows.join(', ')}`);
    await sql.unsafe(changeType('t', { name: 'v', type: postgresType(to) }, postgresType(from)));
    const found =
      await sql.unsafe(`SELECT ${canonicalText(to, 'v')} AS text, format_type(a.atttypid, a.atttypmod) AS type
      FROM t, pg_attribute AS a WHERE a.attrelid = 't'::regclass AND a.attname = 'v' ORDER BY n`);
    expect(found.map(({ type }) => type)).toEqual(values.map(() => postgresType(to)));
    return found.map(({ text }) => text as string);
  };

  test.each([
    ['smallint', 'integer', ['-32768', '32767']],
    ['integer', 'bigint', ['-2147483648']],
    ['bigint', 'decimal(19,0)', ['9223372036854775807']],
    ['real', 'double', ['0.5', '-16777216']],
    ['varchar(3)', 'varchar(5)', ['abc', ' a ']],
    ['varchar(3)', 'text', ['abc', '📏📏📏']],
    ['text', 'varchar(3)', ['abc', '📏📏📏']],
  ] as const)('%s to %s keeps every value', async (from, to, values) => {
    expect(await change(from, to, values)).toEqual(values.map((value) => parseValue({ type: to }, value).text));
  });

  test.each([
    ['text', 'varchar(3)', ['abcd'], /value too long for type character varying\(3\)/],
    ['varchar(9)', 'varchar(3)', ['📏📏📏📏'], /value too long/],
    ['integer', 'smallint', ['32768'], /smallint out of range/],
    ['double', 'real', ['1e39'], /out of range/],
  ] as const)('%s to %s ends where a value does not fit, and cuts none', async (from, to, values, message) => {
    await expect(change(from, to, values)).rejects.toThrow(message);
  });
});
