import { expect, test } from 'vitest';
import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { csv } from '../../../lib/formats/csv/descriptor.ts';
import type { CsvFormat } from '../../../lib/formats/csv/options.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { landFile } from '../../../lib/steps/landing/landing.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { noLocalFile } from '../../support/formats/local-file.ts';

const feed = feedSchema.parse({
  feed: 'shop',
  source: { folder: '.' },
  tables: { t: { files: '*.csv', columns: { id: { type: 'bigint', key: true }, name: 'text' } } },
});
const table = feed.tables.t!;

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function landed(bytes: Buffer, size: number) {
  async function* received() {
    yield* pieces(bytes, size);
  }
  const store = {
    async write(_key: string, body: AsyncIterable<Uint8Array>) {
      let written = 0;
      for await (const chunk of body) written += chunk.length;
      return written;
    },
  } as unknown as Store;
  const reading = readingSpecOf(table);
  const columns = deliveredColumnsOf(table);
  const format = table.format as CsvFormat;
  return landFile(received(), {
    store,
    reading,
    columns,
    format: 'csv',
    convert: ({ bytes }) =>
      csv.open({ format, bytes, localFile: noLocalFile, columns, contract: table.contract, reading }),
    keyOf: String,
  });
}

test('a header without end is refused at once, in pieces however small', async () => {
  const endless = Buffer.alloc(4_000_000, 'a,');
  const taken = await cpuTime(() => expect(landed(endless, 500)).rejects.toMatchObject({ name: 'RECORD_TOO_LONG' }));
  expect(taken).toBeLessThan(5000);
});

test.each([1, 2, 3, 7, 1000])('pieces of %i bytes are the same file', async (size) => {
  const bytes = Buffer.from('id,name\n1,one\n2,two\n');
  expect(await landed(bytes, size)).toEqual(await landed(bytes, bytes.length));
});
