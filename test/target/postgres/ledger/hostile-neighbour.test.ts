import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import type { Row } from '../../../../lib/core/diff/row.ts';
import { columnsOf } from '../../../../lib/core/feed/spec.ts';
import type { TableDiff } from '../../../../lib/core/run/diff-receipt.ts';
import { type RunId, runName } from '../../../../lib/core/run/keys.ts';
import { runMessage } from '../../../../lib/core/run/message.ts';
import type { Release } from '../../../../lib/core/run/release-counts.ts';
import type { Adoption } from '../../../../lib/ports/adopt.ts';
import type { Ledger } from '../../../../lib/ports/ledger/ledger.ts';
import type { Target } from '../../../../lib/ports/target.ts';
import { provideLogins } from '../../../../lib/target/postgres/ledger/roles.ts';
import { postgresTarget } from '../../../../lib/target/postgres/postgres-target.ts';
import { fingerprintOfRows } from '../../../support/engines/fingerprint.ts';
import { hostileNeighbour } from '../../../support/postgres/hostile-neighbour.ts';
import { loginsOf } from '../../../support/postgres/logins.ts';
import { freshDatabase } from '../../../support/postgres/postgres.ts';
import { publicationOf, type Step } from '../../../support/postgres/publication.ts';
import { me, shopFeed } from '../../../support/postgres/target-lab.ts';

const legacy = {
  files: 'l*.csv',
  columns: { id: { type: 'integer', key: true }, title: 'text', amount: 'decimal(8,2)' },
};
const catalog = {
  files: 'c*.csv',
  history: true,
  on_delete: 'delete',
  retain_where: "title <> 'three'",
  columns: {
    id: { type: 'bigint', key: true },
    title: 'text',
    ...{
      share: 'double',
      sold: 'boolean',
      day: 'date',
      at: 'timestamp',
      seen: 'timestamptz',
      mark: 'uuid',
      more: 'json',
    },
  },
};
const feed = shopFeed({ catalog });
const whole = shopFeed({ catalog, legacy });

const full = [
  '0.5',
  'true',
  '2026-02-01',
  '2026-02-01 10:00:00',
  '2026-11-18T21:30:00Z',
  '00000000-0000-0000-0000-00000000000a',
  '{}',
];
const bare = full.map(() => null);
const old: Row[] = [['1', 'old', '1.50']];
const first: Row[] = [
  ['1', 'one', ...full],
  ['2', 'two', ...bare],
  ['3', 'three', ...bare],
  ['4', 'four', ...bare],
];
const second: Row[] = [
  ['1', 'uno', ...full],
  ['2', 'two', ...bare],
  ['5', 'five', ...bare],
];
const third: Row[] = [...second, ['4', 'four', ...bare]];

test('nothing that a neighbour made runs, whatever ledger and target are asked', async () => {
  const { neighbour, ports, url, logins, unasked } = await withNeighbour();
  const { ledger, target } = ports;
  await target.migrateLedger();
  await target.migrate(feed);
  await target.survey(whole, ['legacy'], '2026-11-18');
  await target.liveRows(whole, 'legacy', columnsOf(whole.tables.legacy!)).toArray();
  await target.adopt(adoption);
  await target.migrate(whole);
  await provideLogins(url, whole, async () => logins);

  await publish(ports, await open(ports, '2026-11-19'), { base: [], next: first });
  const held = await open(ports, '2026-11-20');
  await ledger.note(held.run, held.fence, {
    listing: 'a',
    tables: { catalog: {} },
    changeSet: 'x',
  });
  const fence = (await ledger.enter(held.run, me, { lease: 60, begins: 'guard' }))!;
  await ledger.recordOutcome(held.run, fence, 'guard', { outcome: 'held' });
  await ledger.heartbeat(held.run, fence);
  await ledger.noteSteps(held.run, fence, { pull: { began: '2026-11-20T02:00:00.000Z', ended: null, attempts: 1 } });
  const times = { beganAt: '2026-11-20T02:00:00.000Z', endedAt: '2026-11-20T02:00:01.000Z', seconds: 1 };
  await ledger.logStep(held.run, fence, { step: 'guard', outcome: 'held', host: 'here', ...times });
  await ledger.logStorage(held.run, [{ zone: 'landing', table: 'whole', bytes: 1, objects: 1 }]);
  const file = { name: 'a.csv', size: 1, modified: null, version: null, action: 'delete', target: null } as const;
  await ledger.planPickup(held.run, [file]);
  await ledger.notePickup(held.run, 'a.csv', null, 'denied');
  const message = runMessage({ run: held.run, state: 'held', changeSet: 'x', tables: {} });
  await ledger.stop(held.run, fence, { state: 'held', error: null, holds: [], message });
  const decision = { changeSet: 'x', verdict: 'approved', guards: null, by: 'ada', reason: 'seen' } as const;
  await ledger.decide(held.run, decision, message);
  const night = await open(ports, '2026-11-21');
  await publish(ports, night, { base: first, next: second }, { rejected: { CAST: 2 }, taken: ['colour'] });
  const origin = { kind: 'release', run: 'shop/2026-11-21', table: null, code: null } as const;
  const claim = await ledger.claimRelease({ feed: 'shop', owner: me, feedHash: '', folder: '', origin });
  if (claim.kind !== 'open') throw new Error(claim.kind);
  await publish(ports, claim, { base: second, next: third }, { of: 'shop/2026-11-21' });

  const { run } = night;
  expect(await ledger.exists()).toBe(true);
  for (const { expected, found } of await target.audit('shop')) expect(found).toEqual(expected);
  await Promise.all([
    ...[ledger.busy('shop'), ledger.progress(run), ledger.runOf(me), ledger.lastNight('shop'), ledger.find(run)],
    ...[ledger.keepLake('shop', { id: 'a', place: 'b' }), ledger.lake('shop'), ledger.publishedSince(run)],
    ...[ledger.runs({ limit: 9 }), ledger.runs({ feed: 'shop', limit: 9 }), ledger.pastNights(run, 9)],
    ...[ledger.decisions(run), ledger.approvals(run, 'x'), ledger.quarantined({ feed: 'shop' })],
    ...[ledger.isPickupPlanned(run), ledger.openPickups('shop')],
    ledger.nextRun('shop', '2026-11-22'),
    ...[ledger.newestDate('shop'), ledger.stateOf('shop', '2026-11-22'), ledger.missed({ limit: 9 })],
    ledger.keepNotice({ feed: 'shop', date: '2026-11-22', kind: 'overdue', message: { ...message, id: 'shop/x' } }),
    ledger.keepMissed('shop', ['2026-11-18'], {
      by: 'ada',
      message: () => ({ feed: 'shop', date: '2026-11-18', kind: 'missed', message: { ...message, id: 'shop/y' } }),
    }),
    ...[
      ledger.outbox(),
      ledger.numbers(),
      ledger.beginTelling(message.id, 'mail'),
      ledger.endTelling(message.id, 'mail', null),
      ledger.markSent(message.id),
      target.counts(whole),
      target.inspect(whole),
      target.tidy(),
    ],
  ]);
  await target.migrate(whole, { tables: ['legacy'], by: 'ada', reason: 'to see' });
  await target.migrateTables(whole);
  expect(await target.ledgerFit()).toBe('fits');
  await target.health(whole);
  expect(await neighbour.ran()).toBeNull();
  expect([...unasked]).toEqual([]);
});

const adoption: Adoption = {
  run: { feed: 'shop', date: '2026-11-18', revision: 1 },
  feed: whole,
  ...{ feedHash: '', folder: '', base: null, delivery: 'adopted', summary: {} },
  tables: { legacy: { snapshot: '', fingerprint: fingerprintOfRows(columnsOf(whole.tables.legacy!), old) } },
  steps: () => ({}),
  message: runMessage({
    run: { feed: 'shop', date: '2026-11-18', revision: 1 },
    state: 'published',
    changeSet: null,
    tables: {},
  }),
};

interface Ports {
  readonly ledger: Ledger;
  readonly target: Target;
}

async function open({ ledger }: Ports, date: string) {
  const claim = await ledger.claim({ feed: 'shop', date, owner: me, feedHash: '', folder: '' });
  if (claim.kind !== 'open') throw new Error(claim.kind);
  return claim;
}

/** With records that were rejected, columns that were taken, or rows of another run's quarantine. */
async function publish(
  { ledger, target }: Ports,
  { run, fence }: { readonly run: RunId; readonly fence: number },
  step: Step,
  { rejected = {}, taken = [], of }: { rejected?: TableDiff['rejected']; taken?: string[]; of?: string } = {},
): Promise<void> {
  const base = (await ledger.applied('shop'))!.delivery;
  const objects = await target.targetObjects(whole);
  const tables = { catalog: step, legacy: { base: old, next: old } };
  const made = publicationOf({ feed: whole, run, fence, base, delivery: runName(run), tables, objects });
  const { catalog: diff, ...others } = made.receipt.tables;
  const changed = { ...diff!, rejected, schema: { ...diff!.schema, taken } };
  const waiting = { records: 2, released: 1, rejected: {}, waiting: { CAST: 1 }, object: 'x' };
  const receipt = {
    ...made.receipt,
    tables: { catalog: changed, ...others },
    ...(of === undefined ? {} : { release: { of, tables: { catalog: waiting } } as unknown as Release }),
  };
  expect(await target.publish({ ...made, receipt })).toMatchObject({ kind: 'published' });
}

/** A role of ours with the rights that it needs, and one of somebody else's that came before it. */
async function withNeighbour() {
  const database = await freshDatabase(17);
  const stage = randomBytes(4).toString('hex');
  const us = `owner_${stage}`;
  const logins = loginsOf(stage, 'shop');
  const sql = postgres(database.url, { max: 1, onnotice: () => {}, fetch_types: false });
  await sql.unsafe(`CREATE ROLE ${us} LOGIN CREATEROLE PASSWORD 'ours';
    GRANT CREATE ON DATABASE ${new URL(database.url).pathname.slice(1)} TO ${us}; CREATE SCHEMA shop AUTHORIZATION ${us};
    SET ROLE ${us}; CREATE TABLE shop.legacy (id integer PRIMARY KEY, title text, amount numeric(8,2));
    INSERT INTO shop.legacy VALUES (1, 'old', 1.5)`);
  await sql.end();
  const neighbour = await hostileNeighbour(database.url, us);
  const url = Object.assign(new URL(database.url), { username: us, password: 'ours' }).href;
  const { close, ledger, target } = postgresTarget(url, { isDead: () => false, reach: async () => {} });
  onTestFinished(async () => {
    await close();
    await database.drop();
    await neighbour.leave(us, ...Object.values(logins).map(({ name }) => name));
  });
  const unasked = new Set<string>();
  const noting = <Port extends object>(port: Port): Port => {
    for (const method of Object.keys(port)) unasked.add(method);
    return new Proxy(port, {
      get: (target, method, receiver) => {
        unasked.delete(String(method));
        return Reflect.get(target, method, receiver);
      },
    });
  };
  const ports: Ports = { ledger: noting(ledger), target: noting(target) };
  return { neighbour, url, logins, ports, unasked };
}
