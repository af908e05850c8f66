import { expect, test } from 'vitest';
import { isFull } from '../../support/full.ts';
import { thirdNight } from '../../support/nights/labs-after.ts';
import { dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

const third = thirdNight();

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
  const lab = await third.lab();
  const command = await lab.frozenNight(dateOf(3), point);

  command.process.kill(signal);
  const thawed = performance.now();
  const stopped = await command.thaw();
  const seconds = (performance.now() - thawed) / 1000;
  const again = await lab.night(dateOf(3));

  expect(stopped.code, stopped.stderr).toBe(codes[signal]);
  // A run that did not give way would go on for minutes; on a quiet machine this takes one second.
  expect(seconds).toBeLessThan(30);
  expect(again.code, again.stderr).toBe(0);
  await third.expectLikeTwin(lab);
  expect(await lab.sql`SELECT state FROM nightfeed.outbox WHERE date = ${dateOf(3)}`.values()).toEqual([['published']]);
});

test.each(['stdout', 'stderr'] as const)('nobody reads %s any more: the night goes through', async (stream) => {
  const lab = await third.lab();

  const command = lab.start(lab.nightArgs(dateOf(3)));
  command.process[stream]!.destroy();
  const { code } = await command.ended;

  expect(code).toBe(0);
  await lab.checkInvariants(deliveryOf(3));
});
