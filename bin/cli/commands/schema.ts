import { z } from 'zod';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import type { Cli } from '../cli.ts';
import { version } from '../version.ts';

/** Editors read this: `# yaml-language-server: $schema=nightfeed.schema.json` at the top of a feed file. */
export async function schema({ wings }: Cli): Promise<number> {
  const { $schema, ...options } = z.toJSONSchema(feedSchema(wings), {
    // What editors know best.
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
  });
  const named = { $schema, $id: `urn:nightfeed:feed-file:${version()}`, title: 'Feed file of nightfeed', ...options };
  process.stdout.write(`${JSON.stringify(named, null, 2)}\n`);
  return 0;
}
