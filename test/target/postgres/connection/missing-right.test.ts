import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { NightfeedError } from '../../../../lib/core/errors.ts';
import { missingGrant } from '../../../../lib/target/postgres/connection/missing-right.ts';
import { catalog, type Lab, me, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

/** More than a night can lack. */
const MOST = 30;

test('each missing right is printed as the GRANT that gives it, from the first one to a published night', async () => {
  const lab = await targetLab(17, shopFeed({ catalog: { ...catalog, history: true } }));
  await lab.night('2026-11-20', { catalog: [['1', 'one', '1.00']] });
  const publication = await lab.publication('2026-11-21', { catalog: [['1', 'uno', '1.00']] });
  const { ledger, target } = lab.another({}, await weakUrl(lab));

  const granted = [
    ...(await grantUntil(lab, () => target.publish(publication))),
    ...(await grantUntil(lab, () =>
      ledger.claim({ feed: 'shop', date: '2026-11-22', owner: me, feedHash: '', folder: '' }),
    )),
    ...(await grantUntil(lab, () => target.audit('shop'))),
  ];

  expect(granted).toContain('GRANT USAGE, CREATE ON SCHEMA "nightfeed_stage"');
  expect(granted).toContain('GRANT SELECT, INSERT, UPDATE, DELETE ON "shop"."catalog"');
  expect(granted).toContain('GRANT SELECT, INSERT, UPDATE, DELETE ON "shop"."catalog_history"');
  expect(await lab.rows('catalog', 'title')).toEqual([{ title: 'uno' }]);
});

const onRuns =
  'GRANT EXECUTE ON FUNCTION nightfeed.enter_run, nightfeed.renew_lease, nightfeed.record_outcome, nightfeed.note_run, nightfeed.log_step, nightfeed.note_steps, nightfeed.drop_stage, nightfeed.may_work_on, nightfeed.merged_tables, nightfeed.merged_steps TO "me"';

test.each([
  ['permission denied for database shop', 'CREATE SCHEMA x', 'GRANT CREATE ON DATABASE "shop" TO "me"'],
  ['permission denied for schema "my own"', 'SELECT 1', 'GRANT USAGE ON SCHEMA "my own" TO "me"'],
  [
    'permission denied for function add_text_column',
    'SELECT nightfeed.add_text_column($1, $2, $3)',
    'GRANT EXECUTE ON FUNCTION nightfeed."add_text_column" TO "me"',
  ],
  // A heartbeat's failure is told to nobody, and row-level security calls what the statement does not name.
  ['permission denied for function note_run', 'SELECT nightfeed.note_run($1, $2, $3, $4, $5) AS yes', onRuns],
  ['permission denied for function may_work_on', 'SELECT state FROM nightfeed.run', onRuns],
  ['must be owner of table items', 'ALTER TABLE "shop"."items" ADD COLUMN "a" text', undefined],
  ['keine Berechtigung', 'SELECT 1', undefined],
])('%s', (message, query, statement) => {
  expect(missingGrant({ message, query }, 'me')).toBe(statement);
});

/** Does what the hints say until the work succeeds; the grants without who got them. */
async function grantUntil(lab: Lab, work: () => Promise<unknown>): Promise<string[]> {
  const granted: string[] = [];
  for (;;) {
    try {
      await work();
      return granted;
    } catch (error) {
      if (!(error instanceof NightfeedError)) throw error;
      const [, grant] = /^Have the owner run `(GRANT .*);`/.exec(error.hint) ?? [];
      if (grant === undefined || granted.length === MOST) throw error;
      await lab.sql.unsafe(grant);
      granted.push(grant.replace(/ TO "weak_\w+"$/, ''));
    }
  }
}

/** As somebody who may log in and nothing else. Roles are the whole server's. */
async function weakUrl(lab: Lab): Promise<string> {
  const name = `weak_${randomBytes(4).toString('hex')}`;
  await lab.sql.unsafe(`CREATE ROLE ${name} LOGIN PASSWORD 'weak'`);
  onTestFinished(async () => {
    await lab.sql.unsafe(`DROP OWNED BY ${name}; DROP ROLE ${name}`);
  });
  return Object.assign(new URL(lab.url), { username: name, password: 'weak' }).href;
}
