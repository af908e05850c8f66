import { businessDateAt, dayBefore } from '../../../lib/core/feed/business-date.ts';
import { runName } from '../../../lib/core/run/keys.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { adopt as adoptTables } from '../../../lib/workflows/adopt.ts';
import { openWorkplace } from '../compose.ts';
import type { Output } from '../output/output.ts';

/** Tables that are in production already become nightfeed's. */
export async function adopt(
  output: Output,
  path: string,
  table: string | undefined,
  { date, yes = false }: { readonly date?: string; readonly yes?: boolean },
): Promise<number> {
  const { feed, folder } = await readFeedFile(path, feedSchema);
  const { ports, close } = await openWorkplace(output, { feed: feed.feed, folder });
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
