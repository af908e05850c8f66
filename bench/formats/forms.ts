/** A way in which a vendor may write the table of the dumps. */
export interface Form {
  readonly name: string;
  readonly title: string;
  /** What the feed file says of it. */
  readonly format: Readonly<Record<string, unknown>>;
  /** How a row is written, and what stands around all of them; without it DuckDB writes the file. */
  readonly text?: {
    readonly head?: string;
    row(fields: readonly string[], index: number): string;
    readonly tail?: string;
    readonly encoding?: 'latin1';
  };
}

const names = ['id', 'sku', 'name', 'category', 'price', 'stock', 'updated_at'];
/** Characters of each, as fixed-width text. */
const widths = [11, 11, 30, 14, 8, 4, 19];

/** The dump itself, with which all others are compared. */
export const plain: Form = {
  name: 'plain',
  title: 'csv, as it is',
  format: { type: 'csv' },
  text: { head: `${names.join()}\n`, row: (fields) => `${fields.join()}\n` },
};

export const forms: readonly Form[] = [
  plain,
  delimited('delimiter', 'csv, delimiter ~|~', { delimiter: '~|~' }, (fields) => fields.join('~|~')),
  delimited('control', 'csv, delimiter \\x01', { delimiter: '\x01', quote: '' }, (fields) => fields.join('\x01')),
  delimited('escape', 'csv, backslash', { escape: '\\' }, ([id, sku, name, ...rest]) =>
    [id, sku, `"${name} \\"new\\""`, ...rest].join(),
  ),
  delimited('lazy', 'csv, lazy quotes', { quotes: 'lazy' }, ([id, sku, name, ...rest]) =>
    [id, sku, `${name} 27" wide`, ...rest].join(),
  ),
  delimited('latin', 'csv, windows-1252', { encoding: 'windows-1252' }, ([id, sku, name, ...rest]) =>
    [id, sku, `${name} für Köln`, ...rest].join(),
  ),
  {
    name: 'outfile',
    title: 'csv, mysql outfile',
    format: { type: 'csv', delimiter: '\t', quote: '', escape: 'mysql', header: false, null_values: ['\\N'] },
    text: { row: (fields) => `${fields.join('\t')}\n` },
  },
  {
    name: 'fixed-width',
    title: 'fixed-width',
    format: { type: 'fixed-width', fields: fixedFields() },
    text: { row: (fields) => `${fields.map((field, index) => field.padEnd(widths[index]!)).join('')}\n` },
  },
  { name: 'ndjson', title: 'ndjson', format: { type: 'ndjson' }, text: { row: (fields) => `${object(fields)}\n` } },
  {
    name: 'json',
    title: 'json, an array',
    format: { type: 'json' },
    text: { head: '[\n', row: (fields, index) => `${index > 0 ? ',' : ''}${object(fields)}\n`, tail: ']\n' },
  },
  {
    name: 'sql',
    title: 'sql, mysqldump',
    format: { type: 'sql', dialect: 'mysql', allow_missing_end: true },
    text: { row: insert, tail: ';\n' },
  },
  { name: 'parquet', title: 'parquet', format: { type: 'parquet' } },
];

function fixedFields(): Record<string, { start: number; length: number }> {
  let start = 1;
  return Object.fromEntries(
    names.map((name, index) => {
      const length = widths[index]!;
      start += length;
      return [name, { start: start - length, length }];
    }),
  );
}

function delimited(
  name: string,
  title: string,
  options: Readonly<Record<string, unknown>>,
  row: (fields: readonly string[]) => string,
): Form {
  const delimiter = (options.delimiter as string | undefined) ?? ',';
  const text = { head: `${names.join(delimiter)}\n`, row: (fields: readonly string[]) => `${row(fields)}\n` };
  return {
    name,
    title,
    format: { type: 'csv', ...options },
    text: options.encoding === undefined ? text : { ...text, encoding: 'latin1' },
  };
}

function object([id, sku, name, category, price, stock, at]: readonly string[]): string {
  return `{"id": ${id}, "sku": "${sku}", "name": "${name}", "category": "${category}", "price": ${price}, "stock": ${stock}, "updated_at": "${at}"}`;
}

/** As many rows as mysqldump writes into a statement of a megabyte. */
const ROWS_A_STATEMENT = 10_000;

function insert([id, sku, name, category, price, stock, at]: readonly string[], index: number): string {
  const start =
    index % ROWS_A_STATEMENT > 0 ? ',' : `${index > 0 ? ';\n' : ''}INSERT INTO \`items\` (${names.join()}) VALUES `;
  return `${start}(${id},'${sku}','${name}','${category}',${price},${stock},'${at}')`;
}
