import { businessDateAt, dayBefore } from '../../../lib/core/feed/business-date.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { runName } from '../../../lib/core/run/keys.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { adopt as adoptTables } from '../../../lib/workflows/adopt.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';

/** `adopt`: takes over tables that are in production already. */
export async function adopt(
  cli: Cli,
  path: string,
  table: string | undefined,
  { date, yes = false }: { readonly date?: string; readonly yes?: boolean },
): Promise<number> {
  const { output, wings } = cli;
  const { feed, folder } = await readFeedFile(path, feedSchema(wings));
  const { ports, close } = await openWorkplace(cli, { feed: feed.feed, folder });
  try {
    const standsFor = date ?? dayBefore(businessDateAt(feed, new Date()));
    const { run, tables } = await adoptTables({ feed, folder, table: table ?? null, date: standsFor, yes }, ports);
    output.done();
    output.answer({ run: run && runName(run), tables });
    if (!run) output.print('Nothing to take over: the tables are nightfeed’s, or do not exist yet.');
    else output.print(`${output.paint('bold', runName(run))}  taken over; the next night writes only what differs`);
    for (const [name, rows] of Object.entries(tables))
      output.print(`  ${feed.target.schema}.${name}  ${rows.toLocaleString('en')} rows`);
    return 0;
  } finally {
    await close();
  }
}
