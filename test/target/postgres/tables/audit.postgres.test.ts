import { expect, test, vi } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const rows = [
  ['1', 'one', '1.00'],
  ['2', 'two', '2.00'],
];

describePostgres('an audit', (version) => {
  test('takes a night that publishes while it waits for whole, and calls nobody else its author', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    await lab.night('2026-11-20', { catalog: rows });
    let audited: ReturnType<typeof lab.target.audit> | undefined;

    await lab.sql.begin(async (sql) => {
      await sql`LOCK TABLE shop.catalog IN ACCESS EXCLUSIVE MODE`;
      audited = lab.target.audit('shop');
      await vi.waitFor(async () => expect(await lab.sql`SELECT 1 FROM pg_locks WHERE NOT granted`).not.toEqual([]), {
        timeout: 60_000,
      });
      // What a night does that takes all rows away.
      await sql`DELETE FROM shop.catalog`;
      await sql`UPDATE nightfeed.applied_table SET live_rows = 0, hi = 0, lo = 0 WHERE table_name = 'catalog'`;
    });

    const empty = { rows: 0, hi: '0', lo: '0' };
    expect(await audited).toEqual([{ table: 'catalog', expected: empty, found: empty }]);
  });

  test('finds what somebody else wrote', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    await lab.night('2026-11-20', { catalog: rows });
    await lab.sql`UPDATE shop.catalog SET price = 9 WHERE id = 1`;

    const [finding] = await lab.target.audit('shop');

    expect(finding!.found).toMatchObject({ rows: 2 });
    expect(finding!.found).not.toEqual(finding!.expected);
  });
});
