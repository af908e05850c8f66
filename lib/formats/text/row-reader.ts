import { type ReadRow, RecordReader } from '../../core/diff/read-record.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import type { RecordText } from '../../core/records/record-text.ts';

/** Reads the texts of a record's fields, in the order of the header, as a row; rules do not count. */
export function rowReader(
  header: readonly string[],
  { null_values }: Pick<RecordText, 'null_values'>,
  { rules: _rules, ...reading }: ReadingSpec,
): (fields: readonly string[]) => ReadRow {
  const reader = new RecordReader(reading);
  const places = reading.columns.map(({ name }) => header.indexOf(name));
  return (fields) => {
    const texts = places.map((place) => fields[place] ?? null);
    return reader.read({ fields: texts.map((text) => (text !== null && null_values.includes(text) ? null : text)) });
  };
}
