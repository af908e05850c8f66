import type { FormatColumn, FormatComplaint } from '../../core/feed/descriptors/format-descriptor.ts';
import { lenientName } from '../../core/feed/identifier.ts';
import type { FileFormat } from '../../ports/file-format.ts';
import { isTurnedBack } from '../text/encodings/turned-back.ts';
import { lineComplaints } from '../text/line-options.ts';
import { type CsvFormat, csvOptions } from './options.ts';
import { rewriteComplaints } from './rewrite/complaints.ts';

/** Delimited text. Files that are record text already go to landing unchanged, which is the fastest way; others are rewritten. */
export const csv: FileFormat<typeof csvOptions> = {
  name: 'csv',
  options: csvOptions,
  complaints: (format, columns) => [...formatComplaints(format), ...nameComplaints(format, columns)],
  movesBytes: (format) => format.encoding !== 'utf-8' || movesText(format),
  isCopied: (format) => (format.encoding !== 'utf-8' && !isTurnedBack(format.encoding)) || movesText(format),
  async open(file) {
    const { openCsv } = await import('./open.ts');
    return openCsv(file);
  },
};

/** Whether records may be left out, filled up or ended otherwise before they land. */
function movesText({ comment, min_fields, allow_mixed_record_ends }: CsvFormat): boolean {
  return comment !== undefined || min_fields !== undefined || allow_mixed_record_ends === true;
}

function* formatComplaints(format: CsvFormat): Generator<FormatComplaint> {
  const { delimiter, quote, null_values, min_fields, comment } = format;
  if (delimiter === quote) yield { message: 'delimiter and quote must differ', path: ['format', 'quote'] };
  if (null_values.some((text) => text.includes(delimiter) || (quote !== '' && text.includes(quote))))
    yield { message: 'a null value cannot hold the delimiter or the quote', path: ['format', 'null_values'] };
  if (min_fields !== undefined && !null_values.includes(''))
    yield { message: 'fields that are missing are null: null_values needs ""', path: ['format', 'min_fields'] };
  yield* lineComplaints(format);
  yield* rewriteComplaints(format);
  if (comment !== undefined && (comment.startsWith(delimiter) || (quote !== '' && comment.startsWith(quote))))
    yield { message: 'a comment cannot begin with the delimiter or the quote', path: ['format', 'comment'] };
}

function* nameComplaints(
  { header, header_names }: CsvFormat,
  columns: readonly FormatColumn[],
): Generator<FormatComplaint> {
  const named = columns.find(({ from }) => from !== undefined);
  if (!header && named)
    yield { message: 'without a header the files name no columns', path: ['columns', named.name, 'from'] };
  if (header_names !== 'lenient') return;
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(lenientName(name)))
      yield { message: 'another column has this name but for case and blanks', path: ['columns', name] };
    seen.add(lenientName(name));
  }
}
