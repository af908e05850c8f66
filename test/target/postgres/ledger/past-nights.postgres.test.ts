import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

describePostgres('past nights', (version) => {
  test('are those before this one that were published, the first of each date, newest first', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    const dates = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'];
    for (const [index, date] of dates.entries()) {
      const publication = await lab.publication(date, { catalog: [['1', `v${index}`, null]] });
      const measures = { late: index, tables: { catalog: { gone: index / 10 } } };
      if (date !== '2026-11-18') await lab.ledger.note(publication.run, publication.fence, { measures });
      await lab.night(date, { catalog: [['1', `v${index}`, null]] });
    }
    // A correction, and a night that failed.
    await lab.sql`
      INSERT INTO nightfeed.run (feed, date, revision, state, fence, ended_at, feed_hash, folder, measures, published)
      SELECT feed, date, 2, state, fence, ended_at, feed_hash, folder, '{"tables": {}}', published FROM nightfeed.run WHERE date = '2026-11-19'`;
    await lab.sql`
      INSERT INTO nightfeed.run (feed, date, revision, state, fence, ended_at, feed_hash, folder, measures)
      SELECT feed, '2026-11-16', 1, 'failed', fence, ended_at, feed_hash, folder, measures FROM nightfeed.run WHERE date = '2026-11-17'`;

    const before = (date: string, limit = 9) => lab.ledger.pastNights({ feed: 'shop', date, revision: 1 }, limit);
    const night = (date: string, index: number) => ({
      date,
      measures: { late: index, tables: { catalog: { gone: index / 10 } } },
    });

    expect(await before('2026-11-21')).toEqual([
      night('2026-11-20', 3),
      night('2026-11-19', 2),
      night('2026-11-17', 0),
    ]);
    expect(await before('2026-11-21', 2)).toEqual([night('2026-11-20', 3), night('2026-11-19', 2)]);
    expect(await before('2026-11-19')).toEqual([night('2026-11-17', 0)]);
    expect(await lab.ledger.pastNights({ feed: 'other', date: '2026-11-21', revision: 1 }, 9)).toEqual([]);
  });
});
