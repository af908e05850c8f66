import { z } from 'zod';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import type { Cli } from '../cli.ts';

/** Editors read this: `# yaml-language-server: $schema=nightfeed.schema.json` at the top of a feed file. */
export async function schema({ wings }: Cli): Promise<number> {
  process.stdout.write(
    `${JSON.stringify(z.toJSONSchema(feedSchema(wings), { io: 'input', unrepresentable: 'any' }), null, 2)}\n`,
  );
  return 0;
}
