import { NightfeedError } from '../../core/errors.ts';
import { Carry } from '../../core/records/carry.ts';
import { MAX_RECORD_BYTES } from '../../core/records/scan/scan.ts';
import type { ConvertedFile, DeliveredFile } from '../../ports/file-format.ts';
import { headerAgain } from './header-again.ts';
import type { CsvFormat } from './options.ts';
import { Prepared } from './prepared.ts';
import { type CsvHead, readHead } from './read-head.ts';

/** Delimited text as record text. Only other encodings, a trailer, and record ends of two kinds are changed. */
export async function openCsv(file: DeliveredFile<CsvFormat>): Promise<ConvertedFile> {
  const { format, reading } = file;
  const prepared = new Prepared(format, file.proof);
  const chunks = prepared.bytes(file.bytes)[Symbol.asyncIterator]();
  const { head, start } = await readStart(chunks, file);
  const headBytes = Buffer.from(start.subarray(0, head.length));
  return {
    head,
    headBytes,
    text: from(start.subarray(head.length), chunks),
    isAsWritten: true,
    guard: headerAgain(headBytes, head, format, reading),
    end(found) {
      prepared.check(found);
      return { notes: prepared.notes, lacksEnd: prepared.lacksEnd, movesBytes: prepared.movesBytes };
    },
    explained: (thrown) => prepared.explained(thrown),
  };
}

async function readStart(
  chunks: AsyncIterator<Buffer>,
  { format, columns, contract }: DeliveredFile<CsvFormat>,
): Promise<{ head: CsvHead; start: Buffer }> {
  const carry = new Carry();
  // Each try reads the head from the first byte. Waiting for twice as many bytes each time keeps the number of tries small, even with tiny chunks.
  for (let enough = 0; ; ) {
    const { value: chunk, done } = await chunks.next();
    if (!done) carry.append(chunk);
    const start = carry.bytes();
    if (!done && start.length < enough) continue;
    const head = readHead(start, done === true, format, columns, contract);
    if (head !== 'more') return { head, start };
    if (start.length > MAX_RECORD_BYTES)
      throw new NightfeedError('RECORD_TOO_LONG', `no end of the header within ${MAX_RECORD_BYTES} bytes`);
    enough = 2 * start.length;
  }
}

async function* from(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}
