import { expect, test } from 'vitest';
import { formatKindOf, recordTextOf } from '../../lib/core/feed/descriptors/format-descriptor.ts';
import { deliveredColumnsOf, readingSpecOf } from '../../lib/core/feed/reading-spec.ts';
import { records } from '../../lib/core/records/record-stream.ts';
import { recordSyntaxOf } from '../../lib/core/records/record-syntax.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { formats } from '../../lib/formats/index.ts';
import type { FileFormat } from '../../lib/ports/file-format.ts';
import { noLocalFile } from '../support/formats/local-file.ts';
import { heldMemory } from '../support/held-memory.ts';

const BYTES = 200_000_000;
const MAX_GROWTH = 50_000_000;
const LOOK_EVERY = 20;
const insert = 'INSERT INTO `items` VALUES ("1", "one");\n';
const long = `${'a comment '.repeat(10)}\n`;
const create = 'CREATE TABLE `items` (`id` text, `name` text);\n';

test.each([
  [
    'records',
    { encoding: 'latin-1', allow_valid_utf8: true },
    'id,name\n',
    '0,some name that is a little longer than others\n',
    '1,one\n',
    1,
  ],
  ['comments', { comment: '#' }, 'id,name\n0,a record\n', `# ${long}`, '1,one\n', 2],
  ['comments of a dialect', { comment: '#', escape: '\\' }, 'id,name\n0,a record\n', `# ${long}`, '1,one\n', 2],
  [
    'comments among text of fixed width',
    { type: 'fixed-width', comment: '#', fields: { id: { start: 1, length: 1 }, name: { start: 2, length: 3 } } },
    '0abc\n',
    `# ${long}`,
    '1one\n',
    1,
  ],
  [
    'lines of JSON',
    { type: 'ndjson' },
    '',
    '{"id":"0","name":"some name","more":"of it, so that it is longer"}\n',
    '{"id":"1"}\n',
    0,
  ],
  [
    'a value beside the records',
    { type: 'json', records: ['b'] },
    '{"a":[0\n',
    ',12345678\n',
    '],"b":[{"id":"1"}]}',
    1,
  ],
  [
    'rows of another table',
    { type: 'sql', dialect: 'mysql', table: 'items', allow_missing_end: true },
    create,
    `INSERT INTO other VALUES ("1", "${long.trim()}");\n`,
    insert,
    1,
  ],
] as const)(
  'behind %s of any size, a place takes the memory of a small file',
  async (_, options, start, filler, end, lines) => {
    const columns = { id: { type: 'text', key: true }, name: { type: 'text', may_be_absent: true } };
    const { t } = feedSchema.parse({
      feed: 'lab',
      source: { folder: '.' },
      tables: { t: { files: '*', format: options, columns } },
    }).tables;
    const { format, contract } = t!;
    const piece = filler.repeat(Math.ceil(1_000_000 / filler.length));
    const pieces = Math.ceil(BYTES / piece.length);
    const before = heldMemory();
    let most = before;
    async function* bytes() {
      yield Buffer.from(start);
      for (let sent = 0; sent < pieces; sent++) {
        yield Buffer.from(piece);
        if (sent % LOOK_EVERY === 0) most = Math.max(most, heldMemory());
      }
      yield Buffer.from(end);
    }
    const { text, head, places } = await formatKindOf<FileFormat>(format, formats).open({
      format,
      bytes: bytes(),
      localFile: noLocalFile,
      columns: deliveredColumnsOf(t!),
      contract,
      reading: readingSpecOf(t!),
      isPlaced: true,
    });
    const syntax = recordSyntaxOf(recordTextOf(format));
    for await (const { index, offset } of records(text, syntax, head.recordEnd, head.header.length))
      places!.to(index, offset);
    const place = places!.place;
    const byte = start.length + pieces * piece.length;
    const within = format.type === 'json' ? end.indexOf('{') : format.type === 'sql' ? end.indexOf('(') : 0;
    expect(place).toMatchObject({ byte: byte + within, line: lines + (pieces * piece.length) / filler.length + 1 });
    expect(most - before).toBeLessThan(MAX_GROWTH);
  },
  120_000,
);
