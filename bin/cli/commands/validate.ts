import { reachOf } from '../../../lib/core/feed/reach.ts';
import { columnsOf } from '../../../lib/core/feed/spec.ts';
import { warningsOf } from '../../../lib/core/feed/warnings.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { sources } from '../../../lib/sources/index.ts';
import type { Output } from '../output/output.ts';
import { checkSecrets } from './secrets.ts';

export async function validate(output: Output, path: string): Promise<number> {
  const { feed } = await readFeedFile(path, feedSchema);
  await checkSecrets(feed);
  const warnings = warningsOf(feed);
  const source = reachOf(feed, sources);
  output.answer({ feed: feed.feed, valid: true, source, warnings });
  output.print(`${path}: feed ${output.paint('bold', feed.feed)} is valid`);
  const sent = source.secrets.length > 0 ? `, which is sent ${source.secrets.join(', ')}` : '';
  output.print(`  ${source.kind} ${source.place}${sent}`);
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
