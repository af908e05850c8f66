import { readFeedFile } from '../../lib/adapters/feed-file/yaml.ts';
import { openWorkplace } from './compose.ts';
import type { Output } from './output.ts';

export async function migrate(output: Output, path: string): Promise<number> {
  const { feed, folder } = await readFeedFile(path);
  const { ports, close } = await openWorkplace(output, { feed: feed.feed, folder });
  try {
    const { done } = await ports.warehouse.migrate(feed);
    output.answer({ feed: feed.feed, done });
    output.print(done.length === 0 ? 'Nothing to do.' : done.map((line) => `  ${line}`).join('\n'));
    return 0;
  } finally {
    await close();
  }
}
