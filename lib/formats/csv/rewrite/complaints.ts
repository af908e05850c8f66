import { type FormatComplaint, isRecordText } from '../../../core/feed/descriptors/format-descriptor.ts';
import { isNamedEscape } from '../escapes.ts';
import type { CsvFormat } from '../options.ts';

/** What cannot be said together in a dialect that is more than record text. */
export function* rewriteComplaints(format: CsvFormat): Generator<FormatComplaint> {
  const isAsWritten: boolean = isRecordText(format);
  if (isAsWritten) return;
  yield* separatorComplaints(format);
  yield* quoteComplaints(format);
  yield* escapeComplaints(format);
  if (format.allow_trailing_delimiter && !format.null_values.includes(''))
    yield about('allow_trailing_delimiter', 'the field too many is empty: null_values needs "" here');
}

function* separatorComplaints(format: CsvFormat): Generator<FormatComplaint> {
  const { delimiter, quote, record_end: end, comment } = format;
  if (quote !== '' && delimiter.includes(quote)) yield about('delimiter', 'a delimiter cannot hold the quote');
  if (end === undefined) return;
  if (end.includes(delimiter) || delimiter.includes(end) || (quote !== '' && end.includes(quote)))
    yield about('record_end', 'a record end cannot hold the delimiter or the quote, nor be part of the delimiter');
  if (comment?.includes(end)) yield about('comment', 'a comment cannot hold the record end');
  if (format.allow_mixed_record_ends)
    yield about('allow_mixed_record_ends', 'record_end says what ends every record: leave this out');
  if (/[\r\n]$/.test(end)) return;
  for (const option of ['leader', 'skip', 'trailer'] as const)
    if (format[option] !== undefined)
      yield about(option, 'lines beside the data are found by line ends, with which record_end has to end then');
}

function* quoteComplaints(format: CsvFormat): Generator<FormatComplaint> {
  const { quote, quotes, escape: escaping } = format;
  for (const option of ['quotes', 'blanks_around_quotes'] as const)
    if (format[option] && quote === '') yield about(option, 'there are no quotes: quote is ""');
  if (quotes && escaping !== undefined)
    yield about('quotes', 'the escape says which quotes are text: leave quotes or escape out');
  if (quotes && format.min_fields !== undefined)
    yield about('quotes', 'how many fields a record has decides whether its quotes can be text: leave min_fields out');
}

function* escapeComplaints(format: CsvFormat): Generator<FormatComplaint> {
  const { escape: escaping, quote, delimiter, record_end = '', null_values, comment } = format;
  if (escaping === undefined) return;
  const sign = isNamedEscape(escaping) ? '\\' : escaping;
  if (sign === quote) yield about('escape', 'quotes that are doubled need no escape: leave it out');
  if ((delimiter + record_end).includes(sign)) yield about('escape', 'an escape cannot be in delimiter or record_end');
  if (comment?.startsWith(sign)) yield about('comment', 'a comment cannot begin with the escape');
  if ([delimiter, record_end].some((text) => /^[^\0-\x7f]/.test(text)))
    yield about('escape', 'what can be escaped begins with an ASCII character: the delimiter or record_end does not');
  if (!isNamedEscape(escaping)) return;
  if (/^[A-Za-z0-9]/.test(delimiter))
    yield about('delimiter', 'a letter or digit after a backslash has another meaning');
  if (escaping === 'copy' && quote !== '') yield about('escape', 'COPY\'s text has no quotes: set quote to ""');
  if (null_values.length > 0 && null_values.every((text) => text === ''))
    yield about(
      'null_values',
      'an empty field is an empty text here, and \\N is null: set null_values to ["\\\\N"], or to ["\\\\N", ""] where both are null',
    );
}

function about(option: string, message: string): FormatComplaint {
  return { message, path: ['format', option] };
}
