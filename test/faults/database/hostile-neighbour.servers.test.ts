import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { BEFORE_MS } from '../../support/nights/night-lab.ts';
import { hostileNeighbour } from '../../support/postgres/hostile-neighbour.ts';
import { startPgbouncer } from '../../support/postgres/pgbouncer.ts';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';
import { whyNoVendorServers } from '../../support/vendors/vendor-servers.ts';

const title = whyNoVendorServers ? ` (skipped: ${whyNoVendorServers})` : '';

/** Each type of column, a condition on what vanishes, a column to come, and a table of somebody else's. */
const feed = feedText({
  more: `      kind: integer
      share: double
      sold: boolean
      day: date
      at: timestamp
      seen: timestamptz
      mark: uuid
      more: json
    on_delete: delete
    retain_where: name <> 'three'
    contract: {added: evolve}
`,
  rest: `  legacy:
    files: legacy.csv
    guards: {min_rows: 0, rows: [-90%, +500%]}
    columns: {id: {type: integer, key: true}, title: text, amount: "decimal(8,2)"}
`,
});
const header = 'id,name,price,kind,share,sold,day,at,seen,mark,more';
const full =
  '7,0.5,true,2026-02-01,2026-02-01 10:00:00,2026-11-18T23:30:00+02:00,00000000-0000-0000-0000-00000000000a,{}';
const one = `1,one,1.00,${full}`;
const rest = ',,,,,,,,';
const nights: Readonly<Record<string, readonly string[]>> = {
  '2026-11-19': [header, one, `2,two,2.00${rest}`, `3,three,3.00${rest}`, `4,four,4.00${rest}`],
  '2026-11-20': [`${header},colour`, `${one.replace('one', 'uno')},red`, `2,two,many${rest},`, `5,five,5.00${rest},`],
};

test.skipIf(whyNoVendorServers)(
  `nothing that a neighbour made runs behind pgbouncer, though it comes before PostgreSQL's own${title}`,
  async () => {
    const desk = await PriceDesk.open(feed);
    const us = `us_${randomBytes(4).toString('hex')}`;
    const database = new URL(desk.url).pathname.slice(1);
    await desk.sql.unsafe(`CREATE ROLE ${us} LOGIN PASSWORD 'ours'; GRANT CREATE ON DATABASE ${database} TO ${us};
      GRANT CREATE ON SCHEMA public TO ${us}; SET ROLE ${us};
      CREATE TABLE public.legacy (id integer PRIMARY KEY, title text, amount numeric(8,2));
      INSERT INTO public.legacy VALUES (1, 'old', 1.5); RESET ROLE;
      ALTER DATABASE ${database} SET search_path = "$user", public, pg_catalog`);
    const neighbour = await hostileNeighbour(desk.url, us);
    const pooler = await startPgbouncer(Object.assign(new URL(desk.url), { username: us, password: 'ours' }).href);
    onTestFinished(async () => {
      await pooler.close();
      await desk.close();
      await neighbour.leave(us);
    });
    desk.commandUrl = pooler.url;
    for (const [date, lines] of Object.entries(nights)) {
      await desk.put(date, 'prices.csv', lines);
      await desk.put(date, 'legacy.csv', ['id,title,amount', '1,old,1.50']);
    }
    const succeeds = async (...args: string[]) => {
      const { code, answer, stderr } = await desk.ask(...args);
      const told = `${args.join(' ')}: ${JSON.stringify(answer)}\n${stderr}`;
      expect([await neighbour.ran(), code], told).toEqual([null, 0]);
      return answer;
    };

    await succeeds('adopt', desk.feed, 'legacy', '--date', '2026-11-18', '--yes');
    for (const date of Object.keys(nights)) await succeeds('run', desk.feed, '--date', date);
    await desk.describe(feed.replace('"decimal(6,2)"', '"decimal(6,2)", nulls: ["", many]'));
    expect(await succeeds('quarantine', 'release', 'shop/2026-11-20')).toMatchObject({ state: 'published' });
    expect((await succeeds('audit', desk.feed)).tables).toMatchObject([{ agrees: true }, { agrees: true }]);
  },
  BEFORE_MS,
);
