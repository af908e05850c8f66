import { z } from 'zod';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

/** Editors read this: `# yaml-language-server: $schema=nightfeed.schema.json` at the top of a feed file. */
export async function schema(): Promise<number> {
  process.stdout.write(
    `${JSON.stringify(z.toJSONSchema(feedSchema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`,
  );
  return 0;
}
