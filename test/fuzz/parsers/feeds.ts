import type { Feed } from '../../../lib/core/feed/spec.ts';
import { parseFeed } from '../../support/parse-feed.ts';

/** Feeds of which each reads the same bytes in another way. */
export const feeds: readonly Feed[] = [
  feed('', 'id: {type: integer, key: true}, name: text, price: "decimal(9,2)", at: timestamp'),
  feed(
    'format: {delimiter: ";", trailer: "T*;{rows}", allow_mixed_record_ends: true, allow_missing_final_newline: true, null_values: ["-"]}',
    'id: {type: integer, key: true}, name: text, day: {type: date, date_format: DD.MM.YYYY}',
  ),
  feed(
    'format: {encoding: windows-1252, header: false, allow_trailing_delimiter: true, reject_control_characters: true}',
    'id: {type: text, key: true, trim: true}, flag: {type: boolean, true_words: ["y"], false_words: ["n"]}, code: uuid',
  ),
  feed(
    'format: {leader: "H*", comment: "#", min_fields: 2, skip: {tail: 1}}',
    'id: {type: integer, key: true}, name: text, price: "decimal(9,2)"',
  ),
  feed(
    'format: {encoding: utf-16, header_names: lenient, quote: ""}',
    'id: {type: bigint, key: true}, data: json, at: {type: timestamptz, odd_times: roll}',
  ),
  feed(
    `contract: {added: evolve, missing: hold, renamed: hold}
    where: "name like '%a_%' or cast(id as integer) > 1"
    drop_row_when: ["name = 'x'"]`,
    'id: {type: text, key: true}, name: text, both: {type: text, as: "id || name"}, n: double',
  ),
];

/** Delimited text that is more than record text. */
export const dialectFeeds: readonly Feed[] = [
  dialect('delimiter: "||", quotes: lazy, blanks_around_quotes: true, allow_mixed_record_ends: true'),
  dialect('escape: "\\\\", comment: "#", min_fields: 2, allow_missing_final_newline: true'),
  dialect('delimiter: "\\t", quote: "", escape: mysql, null_values: ["\\\\N"], header: false'),
  dialect('delimiter: "\\t", quote: "", escape: copy, null_values: ["\\\\N"], skip: {tail: 1}'),
  dialect('delimiter: "¦", record_end: "\\x02\\n", header: false, encoding: latin-1, quoted_nulls: true'),
];

function dialect(options: string): Feed {
  return feed(`format: {${options}}`, 'id: {type: integer, key: true}, name: text, price: "decimal(9,2)"');
}

const places = 'fields: {id: {start: 1, length: 2}, name: {start: 3, length: 5}, n: {start: 9, length: 2}}';
const placed = (options: string) =>
  feed(`format: {type: fixed-width, ${places}${options}}`, 'id: {type: integer, key: true}, name: text, n: double');

export const fixedWidthFeeds: readonly Feed[] = [
  placed(''),
  placed(', header: true, min_length: 3, trim: both, allow_mixed_record_ends: true, allow_missing_final_newline: true'),
  placed(', unit: bytes, record_length: 12, comment: "#", skip: {head: 1, tail: 1}, null_values: ["-"], trim: none'),
  placed(', record_end: none'),
  placed(', record_end: none, unit: bytes, allow_tabs: true'),
  placed(', encoding: windows-1252, trailer: "T{rows}", leader: "H*"'),
];

const dump = (options: string) => feed(`format: {type: sql${options}}`, 'id: {type: integer, key: true}, name: text');

export const sqlFeeds: readonly Feed[] = [
  dump(''),
  dump(', dialect: mysql, allow_missing_end: true, columns: [id, name]'),
  dump(', dialect: postgres, allow_missing_end: true, table: t'),
  dump(', encoding: windows-1252, dialect: mysql, allow_missing_end: true'),
];

export const jsonFeeds: readonly Feed[] = [
  feed(
    'format: {type: ndjson, fields: {city: [address, city], tag: [tags, 1]}}',
    'id: {type: integer, key: true}, name: text, city: {type: text, may_be_absent: true}, tag: text',
  ),
  feed('format: {type: json}', 'id: {type: integer, key: true}, name: json'),
  feed(
    `format: {type: json, records: [data, items]}
    contract: {added: evolve, missing: hold}`,
    'id: {type: text, key: true}, name: text',
  ),
];

export const manifests = ['csv', 'checksums', 'json'].map(
  (format) => feed('', 'id: {type: integer, key: true}', `format: ${format}`).ready.manifest!,
);

function feed(options: string, columns: string, manifest = 'format: csv'): Feed {
  const facts = 'columns: {file: file, size: size, rows: rows, md5: md5, sha256: sha256}';
  return parseFeed(
    `feed: fuzz
source: {folder: ./in}
ready: {manifest: {file: m, ${manifest}, ${facts}}}
tables:
  t:
    files: "*.csv"
    ${options}
    columns: {${columns}}
`,
    'feed.yaml',
  );
}
