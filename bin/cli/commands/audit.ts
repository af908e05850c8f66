import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { audit as auditFeed } from '../../../lib/workflows/audit.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';
import { reportAudit } from '../output/audit-report.ts';

export async function audit(cli: Cli, path: string): Promise<number> {
  const { output, wings } = cli;
  const { feed, folder } = await readFeedFile(path, feedSchema(wings));
  const { ports, close } = await openWorkplace(cli, { feed: feed.feed, folder });
  try {
    return reportAudit(output, await auditFeed(feed.feed, ports), { feedFile: path });
  } finally {
    await close();
  }
}
