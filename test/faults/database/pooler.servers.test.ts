import { rmSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BEFORE_MS } from '../../support/nights/night-lab.ts';
import { startPgbouncer } from '../../support/postgres/pgbouncer.ts';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';
import { whyNoVendorServers } from '../../support/vendors/vendor-servers.ts';

const title = whyNoVendorServers ? ` (skipped: ${whyNoVendorServers})` : '';
const more = '      share: double\n      seen: timestamptz\n      day: date\n';
const header = 'id,name,price,share,seen,day';

/** What a database of somebody's may say, and none of which may decide on our rows. */
const settings = {
  DateStyle: 'German, DMY',
  TimeZone: 'Asia/Kolkata',
  extra_float_digits: '-10',
  default_transaction_isolation: 'serializable',
  statement_timeout: '77s',
  lock_timeout: '78s',
  idle_in_transaction_session_timeout: '79s',
};

describe.skipIf(whyNoVendorServers)(`pgbouncer in transaction mode with one server connection${title}`, () => {
  test(
    'nights and a release are right, and another client of the connection finds its settings as they were',
    async () => {
      const desk = await PriceDesk.open(feedText({ more }));
      onTestFinished(() => desk.close());
      for (const [name, value] of Object.entries(settings))
        await desk.sql.unsafe(`ALTER DATABASE ${new URL(desk.url).pathname.slice(1)} SET ${name} = '${value}'`);
      const pooler = await startPgbouncer(desk.url);
      onTestFinished(() => pooler.close());
      desk.commandUrl = pooler.url;
      const other = postgres(pooler.url, { max: 1, fetch_types: false, prepare: false });
      onTestFinished(() => other.end());
      // What the language of our functions adds is no setting of ours.
      const seen = () =>
        other`SELECT name, setting FROM pg_settings WHERE name <> 'transaction_isolation' AND name NOT LIKE 'plpgsql.%' ORDER BY name`;
      const backend = async () => (await other`SELECT pg_backend_pid() AS id`)[0]!.id;
      const [before, first] = [await seen(), await backend()];

      const one = [
        '1,one,1.00,0.1234567890123456,2026-11-18T23:30:00+02:00,2026-02-01',
        '2,two,2.00,,,',
        '3,three,3.00,,,',
      ];
      const two = [one[0]!.replace('one', 'uno'), '2,two,many,,,', '4,four,4.00,1e-7,2026-11-18 22:00:00Z,'];
      const published = async (date: string, lines: readonly string[]) => {
        await desk.put(date, 'prices.csv', [header, ...lines]);
        const { answer, stderr } = await desk.night(date);
        expect(answer, stderr).toMatchObject({ state: 'published', error: null });
        return answer.tables.prices;
      };
      await published('2026-11-18', one);
      expect(await published('2026-11-19', two)).toMatchObject({ inserted: 1, updated: 1, gone: 1, rejected: 1 });
      await desk.describe(feedText({ more }).replace('(6,2)"', '(6,2)", nulls: ["", many]'));
      const released = await desk.ask('quarantine', 'release', 'shop/2026-11-19');
      expect(released, released.stderr).toMatchObject({ code: 0, answer: { state: 'published' } });
      // The base is read back through the pooler, too.
      rmSync(join(desk.home, 'lake', 'snapshots'), { recursive: true });
      expect(await published('2026-11-20', two)).toMatchObject({ inserted: 0, updated: 0, gone: 0, unchanged: 3 });

      expect(await desk.agrees()).toBe(true);
      const history = await desk.sql`
      SELECT name, share = 0.1234567890123456 AS share, seen = '2026-11-18T21:30:00Z' AS seen, day = date '2026-02-01' AS day
      FROM prices_history ORDER BY prices_history.id, _valid_from`;
      expect(history[0]).toEqual({ name: 'one', share: true, seen: true, day: true });
      expect(history.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
      expect([await seen(), await backend()]).toEqual([before, first]);
    },
    BEFORE_MS,
  );
});
