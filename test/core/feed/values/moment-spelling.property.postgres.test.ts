import fc from 'fast-check';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { parseValue, type ValueForm } from '../../../../lib/core/feed/values/value.ts';
import { describePostgres, freshDatabase, type PostgresVersion } from '../../../support/postgres/postgres.ts';

/** PostgreSQL's template for a text, and the options that read it back. */
const ways: readonly (readonly [template: string, form: ValueForm])[] = [
  ['FMMM/FMDD/YYYY FMHH12:MI AM', { type: 'timestamp', date_format: 'M/D/YYYY H:MI AM' }],
  ['DD.MM.YYYY HH24:MI', { type: 'timestamp', date_format: 'DD.MM.YYYY HH:MI' }],
  ['YYYYMMDD"T"HH24MISS', { type: 'timestamp', date_format: 'YYYYMMDDTHHMISS' }],
  ['FMDD FMMonth YYYY HH12:MI:SS.US am', { type: 'timestamp', date_format: 'D MONTH YYYY HH:MI:SS[.FF] AM' }],
  ['DD-MON-YY HH24:MI:SS.MS', { type: 'timestamp', date_format: 'DD-MON-YY HH:MI:SS.FF', pivot: 1970 }],
  ['YYYY-MM-DD"T"HH24:MI:SSTZH:TZM', { type: 'timestamptz', date_format: 'YYYY-MM-DD"T"HH:MI:SSTZ' }],
];

/** Of the years that two digits can mean. */
const moment = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2069-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().replace('Z', '456Z'));

describePostgres('what PostgreSQL writes', (version) => {
  test.each(ways)('as %s is the same moment, as fine as it is written', async (template, form) => {
    const sql = await session(version);
    const isSame = fc.asyncProperty(fc.array(moment, { minLength: 200, maxLength: 200 }), async (moments) => {
      const zoned = form.type === 'timestamptz';
      await sql.unsafe(`SET TimeZone = '${zoned ? 'America/St_Johns' : 'UTC'}'`);
      const rows = await sql.unsafe(
        `SELECT to_char(v, '${template}') AS text,
                (to_timestamp(to_char(v, '${template}'), '${template}') AT TIME ZONE 'UTC')::text AS back
         FROM (SELECT (value #>> '{}')::timestamptz AS v FROM jsonb_array_elements($1::text::jsonb)) AS moments`,
        [JSON.stringify(moments)],
      );
      for (const { text, back } of rows) expect([text, parseValue(form, text)]).toEqual([text, { text: back }]);
    });
    await fc.assert(isSame, { numRuns: 2 });
  });

  test('as an epoch is the same moment', async () => {
    const sql = await session(version);
    const counts = fc.array(fc.bigInt({ min: -30_610_224_000_000_000n, max: 253_402_300_799_999_999n }), {
      minLength: 200,
      maxLength: 200,
    });
    const isSame = fc.asyncProperty(counts, async (microseconds) => {
      const rows = await sql.unsafe(
        `SELECT n, (timestamp '1970-01-01' + (n::bigint || ' microseconds')::interval)::text AS moment
         FROM (SELECT value #>> '{}' AS n FROM jsonb_array_elements($1::text::jsonb)) AS counts`,
        [JSON.stringify(microseconds.map(String))],
      );
      for (const { n, moment } of rows)
        expect(parseValue({ type: 'timestamp', epoch: 'us' }, n)).toEqual({ text: moment });
    });
    await fc.assert(isSame, { numRuns: 2 });
  });
});

async function session(version: PostgresVersion): Promise<postgres.Sql> {
  const database = await freshDatabase(version);
  const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} });
  onTestFinished(async () => {
    await sql.end();
    await database.drop();
  });
  return sql;
}
