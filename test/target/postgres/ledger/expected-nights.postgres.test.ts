import { expect, test } from 'vitest';
import { missedMessage, overdueMessage } from '../../../../lib/core/run/notices.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const feed = shopFeed({ catalog });
const now = new Date('2026-11-23T08:00:00Z');

describePostgres('expected nights', (version) => {
  test('the newest date is that of a run or of a missed night, and says whether its night is over', async () => {
    const lab = await targetLab(version, feed);
    expect(await lab.ledger.newestDate('shop')).toBeNull();
    const { run, fence } = await lab.open('2026-11-20');
    expect(await lab.ledger.newestDate('shop')).toEqual({ date: '2026-11-20', isUnfinished: true });
    const end = { error: null, holds: [], message: overdueMessage(feed, run.date, now, null) };
    await lab.ledger.stop(run, fence, { ...end, state: 'failed' });
    expect(await lab.ledger.newestDate('shop')).toEqual({ date: '2026-11-20', isUnfinished: true });
    expect(await lab.ledger.stateOf('shop', '2026-11-20')).toBe('failed');

    await keepMissed(lab, ['2026-11-21']);

    expect(await lab.ledger.newestDate('shop')).toEqual({ date: '2026-11-21', isUnfinished: false });
    expect(await lab.ledger.stateOf('shop', '2026-11-21')).toBeNull();
    expect(await lab.ledger.newestDate('other')).toBeNull();
  });

  test('missed dates are kept once, with one message, and never beside a run', async () => {
    const lab = await targetLab(version, feed);
    await lab.open('2026-11-21');

    expect(await keepMissed(lab, ['2026-11-20', '2026-11-21', '2026-11-22'])).toEqual(['2026-11-20', '2026-11-22']);
    expect(await keepMissed(lab, ['2026-11-20', '2026-11-22'])).toEqual([]);

    expect(await lab.ledger.missed({ limit: 9 })).toMatchObject([
      { feed: 'shop', date: '2026-11-22', foundBy: 'serve at here' },
      { feed: 'shop', date: '2026-11-20' },
    ]);
    const waiting = await lab.ledger.outbox();
    expect(waiting).toMatchObject([{ id: 'shop/2026-11-22:missed', began: null, ended: null, feedHash: 'feed-hash' }]);
    expect(waiting[0]!.message.error).toMatchObject({
      name: 'NIGHTS_MISSED',
      message:
        'shop: 2 nights went by without a run, found at 2026-11-23 08:00 in UTC (2026-11-23T08:00:00.000Z): 2026-11-20, 2026-11-22',
    });
  });

  test('a message about a date without a run is told like any other, once', async () => {
    const lab = await targetLab(version, feed);
    const message = overdueMessage(feed, '2026-11-22', now, null);
    for (let time = 0; time < 2; time += 1)
      await lab.ledger.keepNotice({ feed: 'shop', date: '2026-11-22', kind: 'overdue', message });

    expect(await lab.ledger.outbox()).toMatchObject([{ id: 'shop/2026-11-22:overdue', feedHash: null }]);
    expect(await lab.ledger.beginTelling(message.id, 'mail')).toBe(true);
    await lab.ledger.endTelling(message.id, 'mail', null);
    await lab.ledger.markSent(message.id);
    expect(await lab.ledger.outbox()).toEqual([]);
  });
});

function keepMissed({ ledger }: Lab, dates: readonly string[]) {
  return ledger.keepMissed('shop', dates, {
    by: 'serve at here',
    message: (found) => ({
      feed: 'shop',
      date: found.at(-1)!,
      kind: 'missed',
      message: missedMessage(feed, found, now),
    }),
  });
}
