import type { FormatColumn, FormatComplaint } from '../../core/feed/descriptors/format-descriptor.ts';
import { lenientName } from '../../core/feed/identifier.ts';
import type { FileFormat } from '../../ports/file-format.ts';
import { type CsvFormat, csvOptions } from './options.ts';
import { TrailerPattern } from './trailer-pattern.ts';

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

function* formatComplaints({ delimiter, quote, null_values, trailer }: CsvFormat): Generator<FormatComplaint> {
  if (delimiter === quote) yield { message: 'delimiter and quote must differ', path: ['format', 'quote'] };
  if (null_values.some((text) => text.includes(delimiter) || (quote !== '' && text.includes(quote))))
    yield { message: 'a null value cannot hold the delimiter or the quote', path: ['format', 'null_values'] };
  const fault = trailer && TrailerPattern.faultOf(trailer);
  if (fault) yield { message: fault, path: ['format', 'trailer'] };
}

function* nameComplaints({ header_names }: CsvFormat, columns: readonly FormatColumn[]): Generator<FormatComplaint> {
  if (header_names !== 'lenient') return;
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(lenientName(name)))
      yield { message: 'another column has this name but for case and blanks', path: ['columns', name] };
    seen.add(lenientName(name));
  }
}
