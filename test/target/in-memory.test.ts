import { InMemoryLedger } from '../support/in-memory/ledger.ts';
import { InMemoryTarget } from '../support/in-memory/target.ts';
import { publicationOf } from '../support/postgres/publication.ts';
import { catalog, me, shopFeed } from '../support/postgres/target-lab.ts';
import { DEAD_PID, ledgerConforms } from './conformance.ts';

ledgerConforms('in memory', async () => {
  const ledger = new InMemoryLedger(({ pid }) => pid === DEAD_PID);
  const target = new InMemoryTarget(ledger);
  const feed = shopFeed({ catalog });
  return {
    ledger,
    async publish(date) {
      const claimed = await ledger.claim({ feed: 'shop', date, owner: me, feedHash: 'hash', folder: '/feeds' });
      if (claimed.kind !== 'open') throw new Error(`the claim was ${claimed.kind}`);
      const base = (await ledger.applied('shop'))?.delivery ?? null;
      const tables = { catalog: { base: [], next: [] } };
      await target.publish(publicationOf({ feed, ...claimed, base, delivery: date, tables }));
    },
  };
});
