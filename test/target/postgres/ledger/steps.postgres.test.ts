import { expect, test } from 'vitest';
import type { RunId } from '../../../../lib/core/run/keys.ts';
import { runMessage } from '../../../../lib/core/run/message.ts';
import type { StepTime } from '../../../../lib/core/run/step-times.ts';
import type { Owner } from '../../../../lib/ports/ledger/owner.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, me, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const DATE = '2026-11-20';
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const execution: Owner = { host: 'arn:aws:states:night', pid: 0, started: '' };

describePostgres('what the steps of a run took', (version) => {
  const newLab = () => targetLab(version, shopFeed({ catalog }));

  test('the ledger takes the time of steps that enter one by one, over all their attempts', async () => {
    const { ledger, open, find } = await stepsOf(await newLab());
    const { run } = await open();

    const first = (await ledger.enter(run, execution, { lease: 10, begins: 'pull' }))!;
    const atWork = (await find(run)).pull!;
    expect(atWork).toMatchObject({ began: expect.stringMatching(ISO), ended: null, attempts: 1 });
    await ledger.recordOutcome(run, first, 'pull', { error: { name: 'NOT_GZIP', message: '', hint: '' } });
    expect((await find(run)).pull).toMatchObject({ began: atWork.began, ended: expect.stringMatching(ISO) });

    const second = (await ledger.enter(run, execution, { lease: 10, begins: 'pull' }))!;
    expect((await find(run)).pull).toMatchObject({ ended: null, attempts: 2 });
    await ledger.recordOutcome(run, second, 'pull', { outcome: 'pulled' });
    await ledger.enter(run, execution, { lease: 10, begins: 'diff' });
    await ledger.enter(run, execution, { lease: 10 });
    expect(await find(run)).toMatchObject({ pull: { attempts: 2, ended: expect.any(String) }, diff: { ended: null } });
  });

  test('looking again is no other attempt, and a step that waits has not ended', async () => {
    const { ledger, open, find } = await stepsOf(await newLab());
    const { run } = await open();
    let began: string | undefined;
    for (const outcome of ['waiting', 'waiting', 'arrived']) {
      const fence = (await ledger.enter(run, execution, { lease: 10, begins: 'arrive' }))!;
      await ledger.recordOutcome(run, fence, 'arrive', { outcome });
      const { arrive } = await find(run);
      began ??= arrive!.began;
      expect(arrive).toMatchObject({ began, attempts: 1 });
      expect(arrive!.ended === null).toBe(outcome === 'waiting');
    }
  });

  test('a step after the end has its time too, unless the run is somebody else’s', async () => {
    const { ledger, open, find, lab } = await stepsOf(await newLab());
    const { run, fence } = await open();
    await ledger.stop(run, fence, { state: 'failed', error: null, holds: [], message: messageOf(run) });

    expect(await ledger.enter(run, execution, { lease: 10, begins: 'tidy' })).toBeNull();
    expect(await ledger.enter(run, me, { lease: 10, begins: 'notify' })).toBeNull();
    expect(await find(run)).toMatchObject({ tidy: { ended: null, attempts: 1 } });
    expect(await find(run)).not.toHaveProperty('notify');
    await ledger.recordOutcome(run, fence, 'tidy', { outcome: 'tidied' });
    const { tidy } = await find(run);
    expect(tidy!.ended).toMatch(ISO);

    await lab.open(DATE);
    await ledger.noteSteps(run, fence, { tidy: time(3) });
    expect((await find(run)).tidy).toEqual(tidy);
  });

  test('a process tells of its own attempts as often as it likes; those of processes before it count too', async () => {
    const { ledger, open, find } = await stepsOf(await newLab());
    const { run, fence } = await open();
    await ledger.noteSteps(run, fence, { arrive: time(1), pull: time(1, null) });
    await ledger.noteSteps(run, fence, { arrive: time(1), pull: time(1) });
    await ledger.noteSteps(run, fence, { pull: time(2) });
    expect(await find(run)).toMatchObject({ arrive: time(1), pull: time(2) });

    const later = await open();
    await ledger.noteSteps(run, later.fence, { pull: time(1, null) });
    await ledger.noteSteps(run, later.fence, { pull: time(2) });
    expect(await find(run)).toMatchObject({ arrive: time(1), pull: { ...time(2), attempts: 4 } });
  });

  test('they are told with the end, also with the commit of a publication, and never wait for one', async () => {
    const { ledger, open, find, lab } = await stepsOf(await newLab());
    const { run, fence } = await open();
    await lab.sql.begin(async (sql) => {
      await sql`SELECT FROM nightfeed.run FOR UPDATE`;
      await ledger.noteSteps(run, fence, { pull: time(1) });
    });
    expect(await find(run)).toEqual({});
    await ledger.stop(run, fence, {
      state: 'failed',
      error: null,
      holds: [],
      message: messageOf(run),
      steps: { pull: time(1) },
    });
    expect(await find(run)).toMatchObject({ pull: time(1) });

    const publication = await lab.publication('2026-11-21', { catalog: [['1', 'one', '1.00']] });
    await lab.target.publish({ ...publication, steps: () => ({ publish: time(1) }) });
    expect(await find(publication.run)).toMatchObject({ publish: time(1) });
  });
});

const time = (attempts: number, ended: string | null = '2026-11-20T02:01:00.000Z'): StepTime => ({
  began: '2026-11-20T02:00:00.000Z',
  ended,
  attempts,
});

const messageOf = (run: RunId) => runMessage({ run, state: 'failed', changeSet: null, tables: {} });

async function stepsOf(lab: Lab) {
  return {
    lab,
    ledger: lab.ledger,
    open: () => lab.open(DATE, { owner: execution }),
    find: async (run: RunId) => (await lab.ledger.find(run))!.steps ?? {},
  };
}
