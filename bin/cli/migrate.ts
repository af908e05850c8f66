import { readFeedFile } from '../../lib/adapters/feed-file/yaml.ts';
import { openWorkplace } from './compose.ts';
import type { Output } from './output.ts';

/** With `newLake` the ledger forgets where the feed's lake lay: this one is it from now on. */
export async function migrate(output: Output, path: string, { newLake = false } = {}): Promise<number> {
  const { feed, folder } = await readFeedFile(path);
  const { ports, close } = await openWorkplace(output, { feed: feed.feed, folder });
  try {
    const { done } = await ports.warehouse.migrate(feed);
    if (newLake) {
      const lake = await ports.store.identity();
      await ports.ledger.keepLake(feed.feed, lake);
      done.push(`the lake of ${feed.feed} is ${lake.place}`);
    }
    output.answer({ feed: feed.feed, done });
    output.print(done.length === 0 ? 'Nothing to do.' : done.map((line) => `  ${line}`).join('\n'));
    return 0;
  } finally {
    await close();
  }
}
