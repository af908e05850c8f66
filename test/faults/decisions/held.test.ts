import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type FailPoint, failPoints } from '../../../lib/core/run/fail-point.ts';
import { isFull } from '../../support/full.ts';
import { BEFORE_MS, NightLab } from '../../support/nights/night-lab.ts';
import { corrected, type Delivery, dateOf, deliveryOf, mostMissing } from '../../support/vendors/night-vendor.ts';

/** What a held run that goes on comes by: it neither lists nor pulls nor compares. */
const skipped: readonly FailPoint[] = ['arrive.receipt', 'pull.bytes', 'diff.engine'];
const comesBy = failPoints.filter((point) => !skipped.includes(point));

const HELD = `shop/${dateOf(3)}`;
const delivered = mostMissing(deliveryOf(3));
const decided = ['--by', 'ada', '--reason', 'the vendor confirmed it'];
const approve = ['approve', HELD, ...decided];

let before: NightLab;
let twin: NightLab;

beforeAll(async () => {
  before = await NightLab.after(2);
  twin = await before.fork();
  await held(twin, delivered);
  await twin.run(approve);
}, BEFORE_MS);
afterAll(async () => {
  await before.close();
  await twin.close();
});

async function held(lab: NightLab, delivery: Delivery): Promise<void> {
  lab.deliver(dateOf(3), delivery);
  const { code, json, stderr } = await lab.night(dateOf(3));
  if (code !== 3 || json?.state !== 'held') throw new Error(`it was not held:\n${stderr}`);
}

async function labWithHold(): Promise<NightLab> {
  const lab = await before.fork();
  onTestFinished(() => lab.close());
  await held(lab, delivered);
  return lab;
}

async function messagesOf(lab: NightLab, date: string): Promise<unknown> {
  return (await lab.sql`SELECT state FROM nightfeed.outbox WHERE date = ${date} ORDER BY position`.values()).flat();
}

async function expectLikeTwin(lab: NightLab): Promise<void> {
  await lab.checkInvariants(delivered);
  expect(await lab.fingerprints()).toEqual(await twin.fingerprints());
}

test('asked again it is held again, and said once', async () => {
  const lab = await labWithHold();

  const again = await lab.night(dateOf(3));

  expect(again).toMatchObject({ code: 3, json: { state: 'held', run: HELD } });
  expect(again.json?.holds.map(({ guard }) => guard)).toEqual(expect.arrayContaining(['ROWCOUNT_DROP', 'MASS_DELETE']));
  expect(await messagesOf(lab, dateOf(3))).toEqual(['held']);
  await lab.checkInvariants(deliveryOf(2));
});

test('approved, it is published', async () => {
  const lab = await labWithHold();

  const approved = await lab.run(approve);
  const again = await lab.run(approve);

  expect(approved, approved.stderr).toMatchObject({ code: 0, json: { state: 'published', run: HELD } });
  expect(again, again.stderr).toMatchObject({ code: 0, json: { state: 'unchanged', run: HELD } });
  expect(await messagesOf(lab, dateOf(3))).toEqual(['held', 'published']);
  await expectLikeTwin(lab);
});

test('approved for the next run, which publishes it', async () => {
  const lab = await labWithHold();

  const approved = await lab.run([...approve, '--no-run']);
  const run = await lab.night(dateOf(3));

  expect(approved).toMatchObject({ code: 0, json: { state: 'held' } });
  expect(run, run.stderr).toMatchObject({ code: 0, json: { state: 'published', run: HELD } });
  await expectLikeTwin(lab);
});

test('approved when its files are gone, it publishes what was seen', async () => {
  const lab = await labWithHold();
  lab.remove(dateOf(3));

  const heldStill = await lab.night(dateOf(3));
  const approved = await lab.run(approve);

  expect(heldStill, heldStill.stderr).toMatchObject({ code: 3, json: { state: 'held', run: HELD } });
  expect(approved, approved.stderr).toMatchObject({ code: 0, json: { state: 'published', run: HELD } });
  await expectLikeTwin(lab);
});

test.each(isFull ? comesBy : (['guard.done', 'publish.committing'] as const))(
  'approved with its files gone, killed at %s, and approved again',
  async (point) => {
    const lab = await labWithHold();
    lab.remove(dateOf(3));

    const killed = await lab.run(approve, { NIGHTFEED_FAIL_AT: point });
    const again = await lab.run(approve);

    expect(killed.signal).toBe('SIGKILL');
    expect(again.code, again.stderr).toBe(0);
    await expectLikeTwin(lab);
  },
);

test.each(isFull ? comesBy : (['publish.written'] as const))(
  'approved, killed at %s, and the night asked for again',
  async (point) => {
    const lab = await labWithHold();

    const killed = await lab.run(approve, { NIGHTFEED_FAIL_AT: point });
    const again = await lab.night(dateOf(3));

    expect(killed.signal).toBe('SIGKILL');
    expect(again, again.stderr).toMatchObject({ code: 0, json: { run: HELD } });
    await expectLikeTwin(lab);
  },
);

test('rejected, it stays rejected until the vendor sends something else', async () => {
  const lab = await labWithHold();

  const rejected = await lab.run(['reject', HELD, ...decided]);
  const again = await lab.night(dateOf(3));
  const approved = await lab.run(approve);
  await lab.checkInvariants(deliveryOf(2));
  lab.deliver(dateOf(3), deliveryOf(3));
  const resent = await lab.night(dateOf(3));

  expect(rejected).toMatchObject({ code: 0, json: { state: 'rejected' } });
  expect(again).toMatchObject({ code: 5, json: { state: 'rejected', run: HELD } });
  expect(approved).toMatchObject({ code: 2, json: { error: { name: 'NOT_HELD' } } });
  expect(resent).toMatchObject({ code: 0, json: { state: 'published', run: `${HELD}-r2` } });
  expect(await messagesOf(lab, dateOf(3))).toEqual(['held', 'rejected', 'published']);
  await lab.checkInvariants(deliveryOf(3));
});

test('a newer date supersedes it', async () => {
  const lab = await labWithHold();
  lab.deliver(dateOf(4), deliveryOf(4));

  const newer = await lab.night(dateOf(4));
  const approved = await lab.run(approve);
  const asked = await lab.night(dateOf(3));

  expect(newer, newer.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
  expect(approved).toMatchObject({
    code: 2,
    json: { error: { name: 'NOT_HELD', message: expect.stringContaining('superseded') } },
  });
  expect(asked).toMatchObject({ code: 5, json: { error: { name: 'OLDER_DELIVERY' } } });
  expect(await lab.states()).toMatchObject({ [dateOf(3)]: 'superseded', [dateOf(4)]: 'published' });
  await lab.checkInvariants(deliveryOf(4));
});

test('other bytes for its date supersede it', async () => {
  const lab = await labWithHold();
  lab.deliver(dateOf(3), deliveryOf(3));

  const second = await lab.night(dateOf(3));
  const approved = await lab.run(approve);

  expect(second, second.stderr).toMatchObject({ code: 0, json: { state: 'published', run: `${HELD}-r2` } });
  expect(approved).toMatchObject({ code: 2, json: { error: { name: 'NOT_HELD' } } });
  expect(await lab.states()).toMatchObject({ [dateOf(3)]: 'superseded', [`${dateOf(3)}-r2`]: 'published' });
  await lab.checkInvariants(deliveryOf(3));
});

test('an approval is for the change set that was seen: on another base it is held again', async () => {
  const lab = await labWithHold();
  await lab.run([...approve, '--no-run']);
  const correction = corrected(deliveryOf(2));
  lab.deliver(dateOf(2), correction);
  await lab.night(dateOf(2));

  const asked = await lab.night(dateOf(3));

  expect(asked, asked.stderr).toMatchObject({ code: 3, json: { state: 'held', run: HELD } });
  await lab.checkInvariants(correction);
  expect((await lab.run(approve)).json?.state).toBe('published');
  await lab.checkInvariants(delivered);
});
