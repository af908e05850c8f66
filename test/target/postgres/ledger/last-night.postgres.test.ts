import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

describePostgres('the last night', (version) => {
  test('is the newest one whose delivery is in production; releases and what stopped before are none', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    const last = async () => {
      const night = await lab.ledger.lastNight('shop');
      return night && [night.run.date, night.run.revision, night.listing];
    };
    expect(await last()).toBeNull();

    const publication = await lab.publication('2026-11-19', { catalog: [['1', 'v', null]] });
    await lab.ledger.note(publication.run, publication.fence, { listing: 'first' });
    await lab.night('2026-11-19', { catalog: [['1', 'v', null]] });
    expect(await last()).toEqual(['2026-11-19', 1, 'first']);

    const add = (date: string, revision: number, state: string, listing: string | null) =>
      lab.sql`
        INSERT INTO nightfeed.run (feed, date, revision, state, fence, ended_at, feed_hash, folder, listing, published)
        SELECT feed, ${date}, ${revision}, ${state}, fence, ended_at, feed_hash, folder, ${listing},
          CASE ${state} WHEN 'published' THEN published END
        FROM nightfeed.run WHERE date = '2026-11-19' AND revision = 1`;
    await add('2026-11-19', 2, 'unchanged', 'touched');
    await add('2026-11-19', 3, 'published', null);
    for (const [day, state] of ['held', 'late', 'failed', 'refused', 'rejected', 'superseded'].entries())
      await add(`2026-11-2${day}`, 1, state, 'other');

    expect(await last()).toEqual(['2026-11-19', 2, 'touched']);
    expect(await lab.ledger.lastNight('other')).toBeNull();
  });
});
