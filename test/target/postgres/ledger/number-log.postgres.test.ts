import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { NightfeedError } from '../../../../lib/core/errors.ts';
import { runMessage } from '../../../../lib/core/run/message.ts';
import type { RunState } from '../../../../lib/core/run/state.ts';
import type { EndedStep } from '../../../../lib/core/run/step-use.ts';
import type { Claim } from '../../../../lib/ports/ledger/claims.ts';
import { loginsFor, urlAs } from '../../../support/postgres/logins.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, me, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const DATE = '2026-11-20';
const numbers = {
  rows: 10,
  inserted: 4,
  updated: 2,
  returned: 0,
  gone: 1,
  unchanged: 2,
  rejected: 1,
  filtered: 1,
  suspended: 0,
};
const logs = ['load_log', 'load_table_log', 'load_file_log', 'step_log', 'storage_log'];
type Open = Pick<Extract<Claim, { kind: 'open' }>, 'run' | 'fence'>;

describePostgres('numbers that stay', (version) => {
  const newLab = () => targetLab(version, shopFeed({ catalog }));

  test('each end of a run is a row, written once, with what is known by then', async () => {
    const lab = await newLab();
    const first = await lab.open(DATE, { deadline: new Date('2100-01-01T00:00:00Z') });
    await stop(lab, first, 'late', new NightfeedError('LATE', 'nothing came'));
    await stop(lab, first, 'late', new NightfeedError('LATE', 'nothing came'));
    const second = await lab.open(DATE);
    await lab.ledger.note(second.run, second.fence, { tables: { catalog: { ...numbers, engine: 'lockstep' } } });
    await stop(lab, second, 'held');

    const [late, held, ...others] = await endings(lab);
    expect(others).toEqual([]);
    expect(late).toMatchObject({ state: 'late', error: 'LATE', kind: 'night', fence: 1, rows_in: null, files: null });
    expect(late!.margin_seconds).toBeGreaterThan(1e9);
    expect(held).toMatchObject({ state: 'held', error: null, fence: 2, deadline: null, margin_seconds: null });
    expect(held).toMatchObject({
      rows_in: '10',
      accepted: '8',
      rejected: '1',
      filtered: '1',
      inserted: '4',
      gone: '1',
    });
    expect(held!.begun_at.getTime()).toBeGreaterThan(held!.opened_at.getTime());
    expect(await lab.sql`SELECT * FROM nightfeed.load_table_log`).toMatchObject([
      { ending: held!.ending, state: 'held', table_name: 'catalog', rows_in: '10', accepted: '8', engine: 'lockstep' },
    ]);
  });

  test('a publication, a rejection and a newer delivery end runs too', async () => {
    const lab = await newLab();
    await lab.night('2026-11-18', { catalog: [row('1'), row('2')] });
    const held = await lab.open('2026-11-19');
    await lab.ledger.note(held.run, held.fence, { changeSet: 'c' });
    await stop(lab, held, 'held');
    const decision = { changeSet: 'c', verdict: 'rejected', guards: null, by: 'ada', reason: 'wrong' } as const;
    await lab.ledger.decide(held.run, decision, messageOf(held, 'rejected'));
    await stop(lab, await lab.open(DATE), 'failed');
    await lab.night('2026-11-21', { catalog: [row('1')] });

    const found = (await endings(lab)).map(({ date, state }) => `${date} ${state}`);
    expect(found.sort()).toEqual([
      '2026-11-18 published',
      '2026-11-19 held',
      '2026-11-19 rejected',
      '2026-11-20 failed',
      '2026-11-20 superseded',
      '2026-11-21 published',
    ]);
    expect(
      await lab.sql`SELECT table_name, gone FROM nightfeed.load_table_log WHERE date = '2026-11-21'`,
    ).toMatchObject([{ table_name: 'catalog', gone: '1' }]);
  });

  test('what came before is forgotten when a run begins again, so that no row has numbers of another try', async () => {
    const lab = await newLab();
    const first = await lab.open(DATE);
    const listed = [{ table: 'catalog', file: 'a.csv', size: 5, modified: null, rows: 1 }];
    await lab.ledger.note(first.run, first.fence, { tables: { catalog: numbers }, files: { listed } });
    await stop(lab, first, 'failed');
    await stop(lab, await lab.open(DATE), 'refused');

    expect((await endings(lab)).map(({ state, rows_in, files }) => [state, rows_in, files])).toEqual([
      ['failed', '10', '1'],
      ['refused', null, null],
    ]);
  });

  test('a process that takes a dead one over starts from nothing as well, and its own steps do not', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open(DATE);
    await lab.ledger.note(run, fence, { tables: { catalog: numbers } });
    const entered = (await lab.ledger.enter(run, me, { lease: 10 }))!;
    expect((await lab.ledger.find(run))!.tables).toEqual({ catalog: numbers });
    await lab.sql`UPDATE nightfeed.run SET lease = now() - interval '1 s'`;
    await stop(lab, await lab.open(DATE, { owner: { ...me, pid: 2 } }), 'failed');
    expect(entered).toBe(2);
    expect(await endings(lab)).toMatchObject([{ state: 'failed', rows_in: null }]);
  });

  test('files are rows with what each brought; of an archive, each member', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open(DATE);
    const zip = { table: 'catalog', file: 'b.zip', size: 7, modified: Date.parse('2026-11-20T01:00:00Z'), sha256: 'z' };
    await lab.ledger.note(run, fence, { files: { listed: [] } });
    await lab.ledger.note(run, fence, {
      files: {
        listed: [
          {
            table: 'catalog',
            file: 'a.csv',
            size: 5,
            modified: null,
            sha256: 'a',
            rows: 4,
            unpacked: 5,
            format: 'csv',
          },
          { ...zip, member: 'x/1.csv', rows: 3 },
          { ...zip, member: 'x/2.csv', rows: 2 },
        ],
      },
    });
    await lab.ledger.note(run, fence, {
      tables: { catalog: { ...numbers, rows: 9, rejected: 2 } },
      files: { rejected: { catalog: { 'b.zip/x/2.csv': 2 } } },
    });
    await stop(lab, { run, fence }, 'held');

    expect(await endings(lab)).toMatchObject([{ files: '2', size_bytes: '12', rows_in: '9' }]);
    const files = await lab.sql`SELECT * FROM nightfeed.load_file_log ORDER BY position`;
    expect(files).toMatchObject([
      {
        position: 1,
        file: 'a.csv',
        member: null,
        size_bytes: '5',
        sha256: 'a',
        rows_in: '4',
        rejected: '0',
        format: 'csv',
      },
      { position: 2, file: 'b.zip', member: 'x/1.csv', sha256: 'z', rows_in: '3', rejected: '0' },
      { position: 3, file: 'b.zip', member: 'x/2.csv', modified_at: new Date('2026-11-20T01:00:00Z'), rejected: '2' },
    ]);
  });

  test('where nothing was compared, the rows that came are told, and no others are made up', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open(DATE);
    const listed = [{ table: 'catalog', file: 'a.csv', size: 5, modified: null, rows: 4 }];
    await lab.ledger.note(run, fence, { files: { listed } });
    await stop(lab, { run, fence }, 'unchanged');
    expect(await endings(lab)).toMatchObject([{ state: 'unchanged', rows_in: '4', accepted: null, inserted: null }]);
    expect(await lab.sql`SELECT rejected FROM nightfeed.load_file_log`).toEqual([{ rejected: null }]);
  });

  test('no note on a run keeps it from ending', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open(DATE);
    const odd = {
      tables: { a: { rows: 1e300, rejected: 'x' }, b: 'text' },
      files: { listed: [{ size: '9'.repeat(40) }, 7] },
    };
    await lab.ledger.note(run, fence, odd as never);
    await stop(lab, { run, fence }, 'failed');
    expect(await endings(lab)).toMatchObject([{ state: 'failed', rows_in: null, files: '1' }]);
  });

  test('an end that cannot be logged does not happen, and says why', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open(DATE);
    await lab.sql`ALTER TABLE nightfeed.load_log ADD CHECK (state <> 'failed')`;
    await expect(stop(lab, { run, fence }, 'failed')).rejects.toMatchObject({ name: 'DATABASE_REFUSED' });
    expect((await lab.ledger.find(run))!.state).toBe('running');
  });

  test('steps are logged while the run is ours, and counted over all processes', async () => {
    const lab = await newLab();
    const { run, fence } = await lab.open(DATE);
    await lab.ledger.logStep(run, fence, step({ error: 'SOURCE_SHORT' }));
    await lab.ledger.logStep(
      run,
      fence,
      step({ outcome: 'pulled', bytes: 5e15, rows: 7, peakMemoryBytes: 9, freeDiskBytes: null }),
    );
    await lab.open(DATE);
    await lab.ledger.logStep(run, fence, step({ outcome: 'pulled' }));

    expect(await lab.sql`SELECT * FROM nightfeed.step_log ORDER BY position`).toMatchObject([
      { step: 'pull', attempt: 1, outcome: null, error: 'SOURCE_SHORT', host: 'here', seconds: 1.5, bytes: null },
      { step: 'pull', attempt: 2, outcome: 'pulled', bytes: '5000000000000000', rows: '7', peak_memory_bytes: '9' },
    ]);
  });

  test('storage grows and shrinks against the row before; what is gone is a row of zeros, once', async () => {
    const lab = await newLab();
    const { run } = await lab.open(DATE);
    const size = (bytes: number, table: string | null = 'catalog') =>
      ({ zone: 'landing', table, bytes, objects: 1 }) as const;
    await lab.ledger.logStorage(run, [size(5), size(3, null)]);
    await lab.ledger.logStorage(run, [size(4)]);
    await lab.ledger.logStorage(run, [size(4)]);
    const rows =
      await lab.sql`SELECT table_name AS t, bytes, growth_bytes AS g, growth_objects AS o FROM nightfeed.storage_log ORDER BY position`;
    expect(rows.map(({ t, bytes, g, o }) => [t, bytes, g, o].map(String).join(' '))).toEqual([
      'catalog 5 5 1',
      'null 3 3 1',
      'catalog 4 -1 0',
      'null 0 -3 -1',
      'catalog 4 0 0',
    ]);
  });

  test('what is known of feeds now is told in one answer', async () => {
    const lab = await newLab();
    expect(await lab.ledger.numbers()).toEqual([]);
    await lab.night('2026-11-19', { catalog: [row('1')] });
    const { run, fence } = await lab.open(DATE);
    await lab.ledger.logStep(run, fence, step({ outcome: 'pulled', seconds: 9 }));
    await lab.ledger.logStep(run, fence, step({ outcome: 'pulled', cpuSeconds: 0.5 }));
    await lab.ledger.logStorage(run, [{ zone: 'landing', table: 'catalog', bytes: 5, objects: 1 }]);
    await lab.ledger.logStorage(run, [{ zone: 'landing', table: 'catalog', bytes: 6, objects: 2 }]);
    await lab.ledger.note(run, fence, { tables: { catalog: numbers } });
    await stop(lab, { run, fence }, 'held');

    const [shop, ...others] = await lab.ledger.numbers();
    expect(others).toEqual([]);
    expect(shop).toMatchObject({ feed: 'shop', ends: { published: 1, held: 1 }, running: 0, held: 1, untold: 2 });
    expect(shop!.last).toMatchObject({ state: 'held', marginSeconds: null, files: null });
    expect(shop!.last!.tables).toMatchObject([{ table: 'catalog', rowsIn: 10, rejected: 1, inserted: 4, gone: 1 }]);
    expect(shop!.goodAt).toBeLessThan(shop!.last!.endedAt);
    expect(shop!.steps).toEqual([{ step: 'pull', seconds: 1.5, cpuSeconds: 0.5, peakMemoryBytes: null }]);
    expect(shop!.storage).toEqual([{ zone: 'landing', table: 'catalog', bytes: 6, objects: 2 }]);
  });

  test('no login may change, delete or make up a row, or see one of another feed', async () => {
    const lab = await newLab();
    const { logins } = await loginsFor(lab.url, lab.feed);
    const others = shopFeed({ catalog });
    const foreign = await loginsFor(lab.url, { ...others, feed: 'other' });
    for (const login of Object.values(logins)) {
      const sql = connect(urlAs(lab.url, login));
      for (const log of logs)
        for (const statement of [
          `DELETE FROM nightfeed.${log}`,
          `UPDATE nightfeed.${log} SET feed = feed`,
          `INSERT INTO nightfeed.${log} DEFAULT VALUES`,
        ])
          await expect(sql.unsafe(statement), `${login.name}: ${statement}`).rejects.toMatchObject({ code: '42501' });
    }
    const { run, fence } = await lab.open(DATE);
    const another = lab.another({}, urlAs(lab.url, foreign.logins.fetch)).ledger;
    await expect(another.logStep(run, fence, step({ outcome: 'x' }))).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
    });
    const own = lab.another({}, urlAs(lab.url, logins.fetch)).ledger;
    await own.logStep(run, fence, step({ outcome: 'pulled' }));
    const control = lab.another({}, urlAs(lab.url, logins.control)).ledger;
    await control.stop(run, fence, { state: 'failed', error: null, holds: [], message: messageOf({ run }, 'failed') });
    expect(await endings(lab)).toMatchObject([{ state: 'failed' }]);
    expect(await lab.sql`SELECT step FROM nightfeed.step_log`).toEqual([{ step: 'pull' }]);
  });
});

interface Ending {
  readonly ending: string;
  readonly date: string;
  readonly state: string;
  readonly rows_in: string | null;
  readonly files: string | null;
  readonly margin_seconds: number | null;
  readonly opened_at: Date;
  readonly begun_at: Date;
}

function endings({ sql }: Lab): Promise<Ending[]> {
  return sql<Ending[]>`SELECT l.*, l.date::text FROM nightfeed.load_log AS l ORDER BY ending` as Promise<Ending[]>;
}

async function stop({ ledger }: Lab, open: Open, state: RunState, error: NightfeedError | null = null): Promise<void> {
  const end = { state, error, holds: [], message: messageOf(open, state) };
  await ledger.stop(open.run, open.fence, end);
}

function messageOf({ run }: Pick<Open, 'run'>, state: RunState) {
  return runMessage({ run, state, changeSet: null, tables: {} });
}

function step(came: Partial<EndedStep>): EndedStep {
  const times = { beganAt: '2026-11-20T02:00:00.000Z', endedAt: '2026-11-20T02:00:01.500Z', seconds: 1.5 };
  return { step: 'pull', host: 'here', ...times, ...came };
}

const row = (id: string) => [id, 't', '1.00'];

function connect(url: string): postgres.Sql {
  const sql = postgres(url, { onnotice: () => {}, fetch_types: false, max: 1 });
  onTestFinished(() => sql.end());
  return sql;
}
