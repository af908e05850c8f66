import { warningsOf } from '../../../../lib/core/feed/warnings/warnings.ts';
import { feedSchema } from '../../../../lib/feed-file/feed.ts';
import { formats } from '../../../../lib/formats/index.ts';

/** The warnings of a feed file with a table `t` that has a key and these other columns and options. */
export function tableWarnings(columns: object, options: object = {}): string[] {
  const t = { files: '*', columns: { id: { type: 'text', key: true }, ...columns }, ...options };
  return warningsOf(feedSchema.parse({ feed: 'shop', source: { folder: '.' }, tables: { t } }), formats);
}
