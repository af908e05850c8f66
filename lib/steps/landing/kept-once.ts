import type { KeptFile } from '../../ports/engine.ts';
import type { Using } from '../../ports/ports.ts';

/** What a format that reads its file from disk is given: the file is kept when it asks, and goes with `remove`. */
export function keptOnce({ engine }: Using<'engine', 'keepLocally'>, size: number) {
  let kept: KeptFile | undefined;
  return {
    async localFile(bytes: AsyncIterable<Buffer>): Promise<KeptFile> {
      kept = await engine.keepLocally(bytes, size);
      return kept;
    },
    async remove(): Promise<void> {
      await kept?.remove();
    },
  };
}
