import { Carry } from '../../core/records/carry.ts';

/** What stands at the start of a file, and the bytes that were read to know it. */
interface Start<Found> {
  readonly found: Found;
  readonly start: Buffer;
}

/**
 * Reads chunks until `look`, which gets all bytes so far and whether they are the whole file, answers something else than 'more'. Each
 * look begins at the first byte: waiting for twice as many bytes each time keeps their number small, even with tiny chunks.
 */
export async function readStart<Found>(
  chunks: AsyncIterator<Buffer>,
  look: (start: Buffer, ended: boolean) => Found | 'more',
): Promise<Start<Found>> {
  const carry = new Carry();
  for (let enough = 0; ; ) {
    const { value: chunk, done } = await chunks.next();
    if (!done) carry.append(chunk);
    const start = carry.bytes();
    if (!done && start.length < enough) continue;
    const found = look(start, done === true);
    if (found !== 'more') return { found, start };
    enough = 2 * start.length;
  }
}

/** The rest of a file whose start was read. */
export async function* restFrom(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}
