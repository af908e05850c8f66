import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { engines } from '../../../lib/engines/index.ts';
import { formats } from '../../../lib/formats/index.ts';
import { parquet } from '../../../lib/formats/parquet/descriptor.ts';
import type { ParquetFormat } from '../../../lib/formats/parquet/options.ts';
import { sources } from '../../../lib/sources/index.ts';
import { withLocalFile } from './local-file.ts';

export interface ReadParquet {
  readonly header: readonly string[];
  readonly notes: readonly string[];
  readonly text: string;
}

interface Reading {
  readonly columns: Readonly<Record<string, unknown>>;
  /** Options of the format. */
  readonly format?: Readonly<Record<string, unknown>>;
  /** What else the table says. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The record text of a file, as landing would get it. */
export async function readParquet(file: Buffer, { columns, format = {}, more = {} }: Reading): Promise<ReadParquet> {
  const { t } = feedSchema({ sources, formats, engines, notifiers: [] }).parse({
    feed: 'lab',
    source: { folder: '.' },
    tables: { t: { files: '*', format: { type: 'parquet', ...format }, columns, ...more } },
  }).tables;
  const table = t!;
  async function* bytes(): AsyncGenerator<Buffer> {
    yield file;
  }
  const { contract, ignore } = table;
  return withLocalFile(bytes(), async (localFile) => {
    const opened = await parquet.open({
      format: table.format as ParquetFormat,
      bytes: bytes(),
      localFile,
      columns: deliveredColumnsOf(table),
      contract,
      ignore,
      reading: readingSpecOf(table),
    });
    const pieces: Buffer[] = [];
    for await (const piece of opened.text) pieces.push(piece);
    const text = Buffer.concat(pieces).toString();
    const { header, notes } = opened.head;
    return { header, notes, text };
  });
}
