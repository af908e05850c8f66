import { requireDue } from '../../../lib/core/delivery/due-date.ts';
import { businessDateAt } from '../../../lib/core/feed/business-date.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { plan as planNight } from '../../../lib/workflows/plan.ts';
import type { Cli } from '../cli.ts';
import { checkFeed, openWorkplace } from '../compose.ts';
import { reportNight } from '../output/night-report.ts';
import type { WantedNight } from '../wanted-night.ts';

export async function plan(cli: Cli, path: string, { force, ...options }: WantedNight): Promise<number> {
  const { output, wings } = cli;
  const { feed, folder } = await readFeedFile(path, feedSchema(wings));
  await checkFeed(feed, wings);
  const date = options.date ?? businessDateAt(feed, new Date());
  requireDue({ feed, date, force }, new Date());
  const { ports, owner, close } = await openWorkplace(cli, { feed: feed.feed, folder });
  try {
    const start = performance.now();
    await ports.target.inspect(feed);
    const result = await planNight({ feed, folder, date, owner }, ports);
    return reportNight(output, { result, date, seconds: (performance.now() - start) / 1000, isPlan: true });
  } finally {
    await close();
  }
}
