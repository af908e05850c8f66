import { describe, expect, onTestFinished, test } from 'vitest';
import { failPoints } from '../../../lib/core/run/fail-point.ts';
import { isFull, testInFull } from '../../support/full.ts';
import { thirdNight } from '../../support/nights/labs-after.ts';
import type { Ended } from '../../support/nights/night-command.ts';
import { NightLab } from '../../support/nights/night-lab.ts';
import { corrected, dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

const third = thirdNight();

describe('the same command twice at once', () => {
  test('on a night with changes', async () => {
    const lab = await third.lab();

    const both = await Promise.all([lab.night(dateOf(3)), lab.night(dateOf(3))]);

    expectOnePublished(both);
    await third.expectLikeTwin(lab);
  });

  test('on an empty database', async () => {
    const lab = await NightLab.open();
    onTestFinished(() => lab.close());
    lab.deliver(dateOf(1), deliveryOf(1));

    const both = await Promise.all([lab.night(dateOf(1)), lab.night(dateOf(1)), lab.night(dateOf(1))]);

    expectOnePublished(both);
    await lab.checkInvariants(deliveryOf(1));
  });

  test.each(
    isFull
      ? (['claim.done', 'pull.bytes', 'publish.staged', 'publish.begun', 'publish.written'] as const)
      : (['pull.bytes', 'publish.written'] as const),
  )('the second while the first stands at %s', async (point) => {
    const lab = await third.lab();
    const first = await lab.frozenNight(dateOf(3), point);

    const second = await lab.night(dateOf(3));
    const another = await lab.night(dateOf(2));
    const ended = await first.thaw();

    expect(second).toMatchObject({ code: 6, json: { state: 'running', error: { name: 'BUSY' } } });
    expect(another).toMatchObject({ code: 6, json: { error: { name: 'BUSY' } } });
    expect(ended).toMatchObject({ code: 0, json: { state: 'published' } });
    await third.expectLikeTwin(lab);
  });
});

function expectOnePublished(all: readonly Ended[]): void {
  const outcomes = all.map(({ code, json }) => `${code} ${json?.state} ${json?.error?.name ?? ''}`.trim());
  expect(outcomes.filter((outcome) => outcome !== '6 running BUSY' && outcome !== '0 unchanged')).toEqual([
    '0 published',
  ]);
}

describe('a process that was stopped beyond its lease', () => {
  test.each(
    isFull ? failPoints.slice(0, failPoints.indexOf('publish.begun')) : (['pull.bytes', 'publish.staged'] as const),
  )('at %s: another takes the run over, and the first does no harm', async (point) => {
    const lab = await third.lab();
    const zombie = await lab.frozenNight(dateOf(3), point);
    await lab.endLeases();

    const successor = await lab.night(dateOf(3));
    const woken = await zombie.thaw();
    const again = await lab.night(dateOf(3));

    expect(successor).toMatchObject({ code: 0, json: { state: 'published' } });
    // Whatever it says is true: production holds its delivery, through another process.
    expect(woken.json?.error?.name ?? woken.json?.state, woken.stderr).toMatch(/^(FENCED|unchanged|published)$/);
    expect(again).toMatchObject({ code: 0, json: { state: 'unchanged' } });
    await third.expectLikeTwin(lab);
  });

  testInFull(
    'inside its transaction: the server frees the feed after 15 s, then another takes over (FULL=1)',
    { timeout: 60_000 },
    async () => {
      const lab = await third.lab();
      const zombie = await lab.frozenNight(dateOf(3), 'publish.written');

      let successor = await lab.night(dateOf(3));
      for (let tries = 0; successor.code === 6 && tries < 40; tries += 1) successor = await lab.night(dateOf(3));
      const woken = await zombie.thaw();

      expect(successor).toMatchObject({ code: 0, json: { state: 'published' } });
      expect(woken).toMatchObject({ code: 1, json: { state: 'failed', error: { name: 'FENCED' } } });
      await third.expectLikeTwin(lab);
    },
  );

  test('while its successor is still at work: it is fenced off', async () => {
    const lab = await third.lab();
    const old = await lab.fingerprints();
    const zombie = await lab.frozenNight(dateOf(3), 'publish.staged');
    await lab.endLeases();
    const successor = await lab.frozenNight(dateOf(3), 'claim.done');

    const woken = await zombie.thaw();
    const between = await lab.fingerprints();
    const ended = await successor.thaw();

    expect(woken).toMatchObject({ code: 1, json: { state: 'failed', error: { name: 'FENCED' } } });
    expect(between).toEqual(old);
    expect(ended, ended.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
    await third.expectLikeTwin(lab);
  });

  test('inside its transaction: nobody passes it while the server holds its locks', async () => {
    const lab = await third.lab();
    const zombie = await lab.frozenNight(dateOf(3), 'publish.begun');
    await lab.endLeases();

    const second = await lab.night(dateOf(3));
    const woken = await zombie.thaw();

    expect(second).toMatchObject({ code: 6, json: { error: { name: 'BUSY' } } });
    expect(woken, woken.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
    await third.expectLikeTwin(lab);
  });

  test('while a newer date is published: the newer one stays', async () => {
    const lab = await third.lab();
    lab.deliver(dateOf(4), deliveryOf(4));
    const zombie = await lab.frozenNight(dateOf(3), 'publish.staged');
    await lab.endLeases();

    const newer = await lab.night(dateOf(4));
    const woken = await zombie.thaw();

    expect(newer).toMatchObject({ code: 0, json: { state: 'published' } });
    expect(woken.json?.error?.name, woken.stderr).toMatch(/^(FENCED|OLDER_DELIVERY)$/);
    expect(await lab.states()).toMatchObject({ [dateOf(3)]: 'superseded', [dateOf(4)]: 'published' });
    await lab.checkInvariants(deliveryOf(4));
  });

  test('while the date before is corrected: it compares again with what production holds then', async () => {
    const lab = await third.lab();
    lab.deliver(dateOf(2), corrected(deliveryOf(2)));
    const zombie = await lab.frozenNight(dateOf(3), 'publish.staged');
    await lab.endLeases();

    const correction = await lab.night(dateOf(2));
    const woken = await zombie.thaw();

    expect(correction).toMatchObject({ code: 0, json: { state: 'published', run: `shop/${dateOf(2)}-r2` } });
    expect(woken).toMatchObject({ code: 0, json: { state: 'published' } });
    await lab.checkInvariants(deliveryOf(3));
  });
});
