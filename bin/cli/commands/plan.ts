import { requireDue } from '../../../lib/core/delivery/due-date.ts';
import { businessDateAt } from '../../../lib/core/feed/business-date.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { plan as planNight } from '../../../lib/workflows/plan.ts';
import { checkFeed, openWorkplace } from '../compose.ts';
import { reportNight } from '../output/night-report.ts';
import type { Output } from '../output/output.ts';
import type { WantedNight } from '../wanted-night.ts';

export async function plan(output: Output, path: string, { force, ...options }: WantedNight): Promise<number> {
  const { feed, folder } = await readFeedFile(path, feedSchema);
  await checkFeed(feed);
  const date = options.date ?? businessDateAt(feed, new Date());
  requireDue({ feed, date, force }, new Date());
  const { ports, owner, close } = await openWorkplace(output, { feed: feed.feed, folder });
  try {
    const start = performance.now();
    await ports.target.inspect(feed);
    const result = await planNight({ feed, folder, date, owner }, ports);
    return reportNight(output, { result, date, seconds: (performance.now() - start) / 1000, isPlan: true });
  } finally {
    await close();
  }
}
