import type { FormatColumn, FormatComplaint } from '../../core/feed/descriptors/format-descriptor.ts';
import { lenientName } from '../../core/feed/identifier.ts';
import type { FileFormat } from '../../ports/file-format.ts';
import { LinePattern } from './beside/line-pattern.ts';
import { type CsvFormat, csvOptions, listed } from './options.ts';

/** Delimited text. Files in UTF-8 go to landing unchanged, which is the fastest way. */
export const csv: FileFormat<typeof csvOptions> = {
  name: 'csv',
  options: csvOptions,
  complaints: (format, columns) => [...formatComplaints(format), ...nameComplaints(format, columns)],
  async open(file) {
    const { openCsv } = await import('./open.ts');
    return openCsv(file);
  },
};

function* formatComplaints(format: CsvFormat): Generator<FormatComplaint> {
  const { delimiter, quote, null_values, min_fields } = format;
  if (delimiter === quote) yield { message: 'delimiter and quote must differ', path: ['format', 'quote'] };
  if (null_values.some((text) => text.includes(delimiter) || (quote !== '' && text.includes(quote))))
    yield { message: 'a null value cannot hold the delimiter or the quote', path: ['format', 'null_values'] };
  if (min_fields !== undefined && !null_values.includes(''))
    yield { message: 'fields that are missing are null: null_values needs ""', path: ['format', 'min_fields'] };
  yield* lineComplaints(format);
}

/** What cannot be said together of the lines beside the data. */
function* lineComplaints({ delimiter, quote, leader, skip, comment, trailer }: CsvFormat): Generator<FormatComplaint> {
  const patterns = { leader, trailer, 'skip.until': skip?.until };
  for (const [name, pattern] of Object.entries(patterns)) {
    for (const each of listed(pattern ?? [])) {
      const fault = LinePattern.faultOf(each);
      if (fault) yield { message: fault, path: ['format', ...name.split('.')] };
    }
  }
  if (skip && Object.keys(skip).length === 0)
    yield { message: 'expected head, until or tail', path: ['format', 'skip'] };
  if (skip?.head !== undefined && skip.until !== undefined)
    yield { message: 'until finds its line itself: leave head out', path: ['format', 'skip', 'head'] };
  if (skip?.head !== undefined && leader !== undefined)
    yield { message: 'leader says the first lines: leave head out', path: ['format', 'skip', 'head'] };
  if (skip?.tail !== undefined && trailer !== undefined)
    yield { message: 'trailer says the last lines: leave tail out', path: ['format', 'skip', 'tail'] };
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
