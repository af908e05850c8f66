import { csv } from '../../lib/formats/csv/descriptor.ts';
import { fixedWidth } from '../../lib/formats/fixed-width/descriptor.ts';
import { json, ndjson } from '../../lib/formats/json/descriptors.ts';
import { parquet } from '../../lib/formats/parquet/descriptor.ts';
import { sql } from '../../lib/formats/sql/descriptor.ts';
import { csv as csvText } from '../support/engines/csv.ts';
import { parquetOfRows } from '../support/formats/parquet.ts';
import { type Writing, written } from '../support/formats/written.ts';
import { conforms, type Row } from './conformance.ts';

const objects = (names: readonly string[], rows: readonly Row[]) =>
  rows.map((row) => JSON.stringify(Object.fromEntries(names.map((name, index) => [name, row[index]]))));

conforms({
  kind: csv,
  format: {},
  write: (names, rows) => Buffer.from(csvText([names, ...rows])),
  malformed: 'a,b,c\n',
});

const dialects: readonly (readonly [Record<string, unknown>, Writing])[] = [
  [
    { delimiter: '||', record_end: '\x1e' },
    { delimiter: '||', quote: '"', recordEnd: '\x1e' },
  ],
  [{ escape: '\\' }, { delimiter: ',', quote: '"', escape: '\\', recordEnd: '\r\n' }],
  [
    { delimiter: '\t', quote: '', escape: 'copy', null_values: ['\\N'] },
    { delimiter: '\t', escape: 'copy', nothing: '\\N' },
  ],
];
for (const [format, writing] of dialects)
  conforms({
    kind: csv,
    format,
    write: (names, rows) => Buffer.from(written([names, ...rows], writing)!),
    malformed: `a${writing.delimiter}b${writing.delimiter}c${writing.recordEnd ?? '\n'}`,
  });

conforms({
  kind: fixedWidth,
  format: (names) => ({
    type: 'fixed-width',
    fields: Object.fromEntries(names.map((name, index) => [name, { start: 1 + index * 16, length: 16 }])),
  }),
  rows: [
    ['1', 'one'],
    ['2', null],
    ['3', 'a, b; "c" \\ d'],
    ['5', '  blanks'],
    ['6', 'größe €𝄞'],
  ],
  write: (_names, rows) =>
    Buffer.from(
      rows.map((row) => `${row.map((text) => (text ?? '').padEnd(text?.includes('𝄞') ? 17 : 16)).join('')}\n`).join(''),
    ),
  malformed: '2  two\n',
});

for (const dialect of ['mysql', 'postgres'] as const) {
  const string = (text: string) =>
    dialect === 'mysql'
      ? text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')
      : text.replaceAll("'", "''");
  conforms({
    kind: sql,
    format: { type: 'sql', dialect, allow_missing_end: true },
    write: (names, rows) =>
      Buffer.from(
        rows
          .map((row) => row.map((text) => (text === null ? 'NULL' : `'${string(text)}'`)).join(','))
          .map((values) => `\nINSERT INTO t (${names.join(',')}) VALUES (${values});`)
          .join(''),
      ),
    malformed: '\nINSERT INTO t (id,name) VALUES (2);',
  });
}

conforms({
  kind: ndjson,
  format: { type: 'ndjson' },
  write: (names, rows) =>
    Buffer.from(
      objects(names, rows)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  malformed: '{"id": "2", "name"\n',
  spareEnd: 1,
});

conforms({
  kind: json,
  format: { type: 'json', records: ['data', 'items'] },
  write: (names, rows) => Buffer.from(`{"count": 1, "data": {"items": [\n${objects(names, rows).join(',\n')}\n]}}`),
  malformed: (names, before, after) => {
    const records = [...objects(names, before), '{"id": "2", "id": "3"}', ...objects(names, after)];
    return Buffer.from(`{"data": {"next": null, "items": [${records.join()}], "more": [{}]}}\n`);
  },
});

conforms({
  kind: parquet,
  format: { type: 'parquet' },
  write: (names, rows) => parquetOfRows(names, rows),
});
