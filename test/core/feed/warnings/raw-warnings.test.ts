import { expect, test } from 'vitest';
import { tableWarnings } from './table-warnings.ts';

const warnings = (format: object, lake: object = { raw: 'drop' }) => tableWarnings({}, { format, lake });

test.each([
  [{ encoding: 'utf-16' }],
  [{ comment: '#' }],
  [{ min_fields: 1 }],
  [{ allow_mixed_record_ends: true }],
  [{ record_end: '|' }],
  [{ type: 'ndjson' }],
  [{ type: 'json' }],
  [{ type: 'parquet' }],
  [{ type: 'sql' }],
  [{ type: 'fixed-width', fields: { id: { start: 1, length: 5 } } }],
])('a dropped copy of files that are converted is warned of, with what is lost: %j', (format) => {
  expect(warnings(format)).toEqual([
    expect.stringMatching(/^tables\.t\.lake\.raw: .*cannot be released.*where in the vendor's file/),
  ]);
});

test.each<[object, object?]>([
  [{}],
  [{ delimiter: ';', header: false }],
  [{ encoding: 'utf-16' }, { raw: 'keep' }],
  [{ encoding: 'utf-16' }, { partition_by: ['id'] }],
])(
  'plain delimited UTF-8, of which landing has every byte, and a copy that is kept, are not: %j %j',
  (format, lake) => {
    expect(warnings(format, lake)).toEqual([]);
  },
);
