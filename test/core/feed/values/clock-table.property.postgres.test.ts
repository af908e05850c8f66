import fc from 'fast-check';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { clockEntries, clockTableOf } from '../../../../lib/core/feed/values/spelling/clock-table.ts';
import { parseValue, type ValueForm } from '../../../../lib/core/feed/values/value.ts';
import { describePostgres, freshDatabase } from '../../../support/postgres/postgres.ts';

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'UTC',
];

/** As PostgreSQL decides: a time that is skipped is as much later, and of a time that is shown twice the later one counts. */
const form = (zone: string): ValueForm => ({
  type: 'timestamptz',
  timezone: { zone, gap: 'later', double: 'later', clock: clockTableOf(zone) },
});

const minute = fc
  .integer({ min: Date.UTC(1970, 0, 2) / 60_000, max: Date.UTC(2037, 11, 30) / 60_000 })
  .map((minutes) => localText(minutes * 60_000));

describePostgres('AT TIME ZONE', (version) => {
  test.each(zones)('says of times in %s what the clock table says', async (zone) => {
    const database = await freshDatabase(version);
    const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} });
    onTestFinished(async () => {
      await sql.end();
      await database.drop();
    });
    const changes = clockEntries(clockTableOf(zone)).filter(({ from }) => from > '1970-01-02' && from < '2037');
    const around = changes.flatMap(({ from }) =>
      [-61, -60, -31, -1, 0, 1, 29, 30, 59, 60].map((more) =>
        localText(Date.parse(`${from.replace(' ', 'T')}Z`) + more * 60_000),
      ),
    );
    const times = [...around, ...fc.sample(minute, 1000)];

    const rows = await sql.unsafe(
      `SELECT value #>> '{}' AS local, ((value #>> '{}')::timestamp AT TIME ZONE '${zone}' AT TIME ZONE 'UTC')::text AS utc
       FROM jsonb_array_elements($1::text::jsonb)`,
      [JSON.stringify(times)],
    );

    const found = rows.map(({ local }) => [local, parseValue(form(zone), local).text]);
    expect(found).toEqual(rows.map(({ local, utc }) => [local, utc]));
  });
});

function localText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
