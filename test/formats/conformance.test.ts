import { csv } from '../../lib/formats/csv/descriptor.ts';
import { csv as csvText } from '../support/engines/csv.ts';
import { ndjson } from '../support/formats/ndjson.ts';
import { conforms } from './conformance.ts';

conforms({
  kind: csv,
  format: {},
  write: (names, rows) => Buffer.from(csvText([names, ...rows])),
  malformed: 'a,b,c\n',
});

conforms({
  kind: ndjson,
  format: { type: 'ndjson' },
  write: (names, rows) =>
    Buffer.from(
      rows
        .map((row) => `${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, row[index]])))}\n`)
        .join(''),
    ),
  malformed: '{"id": "2", "name"\n',
});
