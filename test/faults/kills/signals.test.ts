import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { isFull } from '../../support/full.ts';
import { BEFORE_MS, NightLab } from '../../support/nights/night-lab.ts';
import { dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

let before: NightLab;
let twin: NightLab;

beforeAll(async () => {
  before = await NightLab.after(2);
  twin = await before.fork();
  await twin.publish(dateOf(3), deliveryOf(3));
}, BEFORE_MS);
afterAll(async () => {
  await before.close();
  await twin.close();
});

const points = [
  'claim.done',
  'pull.bytes',
  'diff.engine',
  'publish.staged',
  'publish.written',
  'publish.committed',
] as const;
const codes = { SIGINT: 130, SIGTERM: 143 } as const;
const all = points.flatMap((point) => (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ point, signal })));
const few = [
  { point: 'diff.engine', signal: 'SIGINT' },
  { point: 'publish.written', signal: 'SIGTERM' },
] as const;

test.each(isFull ? all : few)('$signal at $point, then the same command again', async ({ point, signal }) => {
  const lab = await before.fork();
  onTestFinished(() => lab.close());
  lab.deliver(dateOf(3), deliveryOf(3));
  const command = await lab.frozenNight(dateOf(3), point);

  command.process.kill(signal);
  const thawed = performance.now();
  const stopped = await command.thaw();
  const seconds = (performance.now() - thawed) / 1000;
  const again = await lab.night(dateOf(3));

  expect(stopped.code, stopped.stderr).toBe(codes[signal]);
  expect(seconds).toBeLessThan(5);
  expect(again.code, again.stderr).toBe(0);
  await lab.checkInvariants(deliveryOf(3));
  expect(await lab.fingerprints()).toEqual(await twin.fingerprints());
  expect(await lab.sql`SELECT state FROM nightfeed.outbox WHERE date = ${dateOf(3)}`.values()).toEqual([['published']]);
});

test.each(['stdout', 'stderr'] as const)('nobody reads %s any more: the night goes through', async (stream) => {
  const lab = await before.fork();
  onTestFinished(() => lab.close());
  lab.deliver(dateOf(3), deliveryOf(3));

  const command = lab.start(lab.nightArgs(dateOf(3)));
  command.process[stream]!.destroy();
  const { code } = await command.ended;

  expect(code).toBe(0);
  await lab.checkInvariants(deliveryOf(3));
});
