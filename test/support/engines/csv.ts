interface CsvDialect {
  readonly delimiter?: string;
  readonly quote?: string;
  readonly recordEnd?: string;
}

/**
 * The reference writer: every record with its end, null as an unquoted empty field, '' as a quoted one, quotes only where
 * they are needed. In a table of one column null makes a blank line.
 */
export function csv(rows: readonly (readonly (string | null)[])[], dialect: CsvDialect = {}): string {
  const { delimiter = ',', quote = '"', recordEnd = '\n' } = dialect;
  const field = (text: string | null): string => {
    if (text === null) return '';
    const plain = text !== '' && !/[\r\n\ufeff]/.test(text) && !text.includes(delimiter) && !text.includes(quote);
    return plain ? text : quote + text.replaceAll(quote, quote + quote) + quote;
  };
  return rows.map((row) => row.map(field).join(delimiter) + recordEnd).join('');
}
