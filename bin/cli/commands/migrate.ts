import { NightfeedError } from '../../../lib/core/errors.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import type { Restart } from '../../../lib/ports/target.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';

export interface MigrateOptions {
  readonly newLake?: boolean;
  readonly restart?: readonly string[];
  readonly by?: string;
  readonly reason?: string;
}

/** With `newLake` the ledger forgets where the feed's lake was; the lake of the next run becomes the feed's lake. */
export async function migrate(cli: Cli, path: string, options: MigrateOptions): Promise<number> {
  const { output, wings } = cli;
  const restart = restartOf(options);
  const { feed, folder } = await readFeedFile(path, feedSchema(wings));
  const { ports, close } = await openWorkplace(cli, { feed: feed.feed, folder });
  try {
    const { done } = await ports.target.migrate(feed, restart);
    if (options.newLake) {
      await ports.ledger.keepLake(feed.feed, null);
      done.push(`the lake of ${feed.feed} is the one that its next run works in`);
    }
    output.answer({ feed: feed.feed, done });
    output.print(done.length === 0 ? 'Nothing to do.' : done.map((line) => `  ${line}`).join('\n'));
    return 0;
  } finally {
    await close();
  }
}

function restartOf({ restart, by, reason }: MigrateOptions): Restart | undefined {
  if (restart === undefined && by === undefined && reason === undefined) return undefined;
  if (restart !== undefined && by?.trim() && reason?.trim()) return { tables: restart, by, reason };
  throw new NightfeedError('USAGE', 'expected --restart TABLE, --by WHO and --reason WHY together');
}
