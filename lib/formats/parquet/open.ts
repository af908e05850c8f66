import { appendFile, open } from 'node:fs/promises';
import { NightfeedError } from '../../core/errors.ts';
import { bindHeader } from '../../core/records/bind-header.ts';
import { sentNameOf } from '../../core/records/sent-names.ts';
import type { ConvertedFile, DeliveredFile } from '../../ports/file-format.ts';
import { type FileColumn, fileColumns } from './file-columns.ts';
import { type Footer, readFooter } from './footer/footer.ts';
import { type OwnColumn, ownFooter } from './footer/own-footer.ts';
import { corrupt } from './footer/parquet-fault.ts';
import { leavesOf } from './footer/schema.ts';
import type { ParquetFormat } from './options.ts';
import { checkPages, type Pages } from './pages.ts';
import { ownColumns, type ReadColumn, requireFit } from './read-column.ts';
import { RowPlaces } from './row-places.ts';
import { rowsAsText } from './rows-as-text.ts';

/** A Parquet file as record text: checked as a whole, then read by DuckDB under a footer of ours. */
export async function openParquet(file: DeliveredFile<ParquetFormat>): Promise<ConvertedFile> {
  const { format } = file;
  const local = await file.localFile();
  const handle = await open(local.path);
  try {
    const footer = await readFooter(handle, local.size);
    const { head, columns } = bound(footer, file);
    const notes = requireFit(columns, format);
    const pages = await checkPages(handle, footer);
    if (format.require_checksums && !pages.areSummed)
      throw new NightfeedError('PARQUET_CORRUPT', 'a page has no checksum, as `format.require_checksums` asks');
    const { own, places } = ownColumns(columns);
    requireMemory(footer, own, pages);
    await appendFile(local.path, ownFooter(footer, own, pages.chunks));
    return {
      head: { ...head, notes: [...head.notes, ...notes] },
      headBytes: Buffer.alloc(0),
      text: footer.rows === 0 ? nothing() : rowsAsText(local, columns, places, format),
      isAsWritten: false,
      places: file.isPlaced && new RowPlaces(footer),
      end({ rows }) {
        if (rows !== footer.rows) throw corrupt(`it has ${footer.rows} rows, of which ${rows} were read`);
        return { notes: [] };
      },
    };
  } finally {
    await handle.close();
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** The columns of the file that are read, as the table's contract decides, and what their records are like. */
function bound(
  footer: Footer,
  { format, ...table }: DeliveredFile<ParquetFormat>,
): { readonly head: ConvertedFile['head']; readonly columns: readonly ReadColumn[] } {
  const named = new Set(table.columns.map((column) => sentNameOf(column).name));
  const brought = fileColumns(footer.columns, format, named);
  const sent = brought.map(({ name }) => name);
  const { names, notes, ...change } = bindHeader(sent, table, sent.join(', '));
  const isEvolving = table.contract.added === 'evolve';
  const columns = brought.flatMap((from: FileColumn, index): ReadColumn[] => {
    const name = names[index]!;
    const declared = table.columns.find((column) => column.name === name);
    if (declared) return [{ name, from, declared }];
    return isEvolving && change.added.includes(name) ? [{ name, from, declared: { type: 'text' } }] : [];
  });
  const header = columns.map(({ name }) => name);
  return { head: { header, spare: false, recordEnd: '\n', change, notes: [...notes] }, columns };
}

/** DuckDB has a page of each column in memory, and its dictionary. */
function requireMemory(footer: Footer, own: readonly OwnColumn[], { chunks }: Pages): void {
  const times = footer.columns.flatMap((column, index) =>
    leavesOf(column).map(() => own.filter(({ root }) => root === index).length),
  );
  for (const group of chunks) {
    const needed = group.reduce((sum, { largest }, leaf) => sum + times[leaf]! * largest, 0);
    if (needed <= MAX_PAGES_BYTES) continue;
    const message = `the pages of a row group need ${needed} bytes of memory at a time; at most ${MAX_PAGES_BYTES} are allowed. Ask for pages of 1 MB, or smaller row groups`;
    throw new NightfeedError('PARQUET_UNSUPPORTED', message);
  }
}

const MAX_PAGES_BYTES = 400_000_000;
