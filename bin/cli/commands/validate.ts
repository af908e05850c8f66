import { channelReaches, reachOf } from '../../../lib/core/feed/reach.ts';
import { columnsOf, feedSchema } from '../../../lib/core/feed/spec.ts';
import { warningsOf } from '../../../lib/core/feed/warnings/warnings.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import type { Cli } from '../cli.ts';
import { checkSecrets } from './secrets.ts';

export async function validate(cli: Cli, path: string): Promise<number> {
  const { output, wings } = cli;
  const { feed } = await readFeedFile(path, feedSchema(wings));
  await checkSecrets(feed, wings);
  const warnings = warningsOf(feed, wings.formats);
  const source = reachOf(feed, wings.sources);
  const channels = channelReaches(feed, wings.notifiers);
  output.answer({ feed: feed.feed, valid: true, source, channels, warnings });
  output.print(`${path}: feed ${output.paint('bold', feed.feed)} is valid`);
  const sent = source.secrets.length > 0 ? `, which is sent ${source.secrets.join(', ')}` : '';
  output.print(`  ${source.kind} ${source.place}${sent}`);
  for (const { name, place, secrets } of channels) {
    const uses =
      secrets.length > 0 && !secrets.every((secret) => place.includes(secret)) ? `, with ${secrets.join(', ')}` : '';
    output.print(`  tells ${name}: ${place}${uses}`);
  }
  for (const [name, table] of Object.entries(feed.tables)) {
    const columns = columnsOf(table);
    const keys = columns.filter((column) => column.key).map((column) => column.name);
    const but = table.retain_where === undefined ? '' : `, but retain where ${table.retain_where}`;
    output.print(
      `  ${feed.target.schema}.${name}  ${columns.length} columns, key ${keys.join(', ')}, rows that vanish: ${table.on_delete}${but}`,
    );
  }
  for (const warning of warnings) output.print(`  ${output.paint('yellow', 'warning')}  ${warning}`);
  return 0;
}
