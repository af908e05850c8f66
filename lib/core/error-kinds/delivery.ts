import { type ErrorKind, refused } from './error-kind.ts';

const askVendor = 'Production is untouched. Ask the vendor for a whole file, then run the same command again.';

/** What the vendor delivers cannot be a delivery, or is not there yet. */
export const deliveryErrors = {
  EMPTY_FILE: refused(
    'The file has no bytes. With `empty_parts: accept` some of several files may be empty. An empty delivery is never taken for “everything is gone”.',
    askVendor,
  ),
  BAD_MAGIC: refused(
    'The content is of another kind than the name says, such as a ZIP archive called `.csv`.',
    askVendor,
  ),
  NOT_GZIP: refused('The name ends in `.gz`, but the content is not gzip.', askVendor),
  GZIP_TRUNCATED: refused('The gzip stream ends early: the upload or the transfer was cut.', askVendor),
  GZIP_CRC: refused('The gzip stream is damaged, or something follows it.', askVendor),
  NOT_ZSTD: refused('The name ends in `.zst`, but the content is not zstd.', askVendor),
  ZSTD_TRUNCATED: refused('The zstd stream ends early.', askVendor),
  ZSTD_CORRUPT: refused('The zstd stream is damaged, or something follows it.', askVendor),
  NOT_BZIP2: refused('The name ends in `.bz2`, but the content is not bzip2.', askVendor),
  BZIP2_TRUNCATED: refused('The bzip2 stream ends early.', askVendor),
  BZIP2_CORRUPT: refused('The bzip2 stream is damaged, or something follows it.', askVendor),
  NOT_XZ: refused('The name ends in `.xz`, but the content is not xz.', askVendor),
  XZ_TRUNCATED: refused('The xz stream ends early.', askVendor),
  XZ_CORRUPT: refused('The xz stream is damaged, or something follows it.', askVendor),
  NOT_ZIP: refused('The name ends in `.zip`, but the content is not a ZIP archive.', askVendor),
  ZIP_TRUNCATED: refused('The ZIP archive ends early.', askVendor),
  ZIP_CORRUPT: refused(
    'The ZIP archive is damaged: a checksum, a size or its directory is wrong, or something follows it.',
    askVendor,
  ),
  NOT_TAR: refused('The name says tar, such as `.tar.gz`, but the content is not a tar archive.', askVendor),
  TAR_TRUNCATED: refused(
    'The tar archive ends early. It has no two blocks of zeros at its end, so files may be missing.',
    askVendor,
  ),
  TAR_CORRUPT: refused(
    'The tar archive is damaged: a header or its checksum is wrong, or something stands where zeros belong.',
    askVendor,
  ),
  ARCHIVE_SHAPE: refused(
    'The files in the archive are not those that the feed file names: exactly one, or members that each belong to one table. Or the archive holds archives or sparse files, or packs its files in a way that few programs read.',
    'Production is untouched. Name the members in `files`, such as `export.zip/orders*.csv`, and what no table takes in `ignore_members`; or ask the vendor for an archive of plain files.',
  ),
  ARCHIVE_PATH: refused(
    'A name in the archive leads out of its folder, has control characters or more than 1024 bytes, or is a link.',
    'Production is untouched. Look at the archive: such names are made to harm.',
  ),
  ARCHIVE_ENCRYPTED: refused(
    'The archive is encrypted.',
    'Production is untouched. Ask the vendor for an archive without a password.',
  ),
  PARQUET_TRUNCATED: refused(
    'The file begins as Parquet and does not end so: the upload or the transfer was cut, or something follows it.',
    askVendor,
  ),
  PARQUET_CORRUPT: refused(
    'The Parquet file is damaged: a checksum of a page is wrong, its footer contradicts itself or its pages, or its values cannot be read.',
    askVendor,
  ),
  PARQUET_ENCRYPTED: refused(
    'The Parquet file, or some of its columns, is encrypted.',
    'Production is untouched. Ask the vendor for a file without encryption.',
  ),
  PARQUET_UNSUPPORTED: refused(
    'The Parquet file is written in a way that is not read: packed with LZO, with columns in other files, or with pages or a footer that need too much memory.',
    'Production is untouched. Ask the vendor for a file that is written as the message says.',
  ),
  COLUMN_TYPE: refused(
    'The file stores a column as another type than the feed file declares, and reading it so would lose digits or meaning. The message names both types, and what helps.',
    'Production is untouched. Declare the type of the file in the feed file, or set the option that the message names.',
  ),
  DECOMPRESSION_LIMIT: refused(
    'The file unpacks to more than 500 times its size.',
    'Production is untouched. Look at the file before you raise the limit: it may be an attack.',
  ),
  NO_FINAL_NEWLINE: refused(
    'The last record has no end, so nobody can tell whether it is whole. The message says what proves it, and which option takes that.',
    askVendor,
  ),
  JSON_SYNTAX: refused(
    'A JSON document is broken, so that nobody can tell where its next record begins; or no line of an NDJSON file is an object.',
    'Production is untouched. The message says where: ask the vendor for a file that is JSON, or compare it with `format` in the feed file.',
  ),
  JSON_TRUNCATED: refused('A JSON document ends before it is closed: the upload or the transfer was cut.', askVendor),
  NO_RECORDS: refused(
    'What `format.records` names in a JSON document is not there, or is no array of records.',
    'Production is untouched. Compare the document with `format.records` in the feed file.',
  ),
  UNTERMINATED_QUOTE: refused('A quote opens and never closes; everything behind it would be one field.', askVendor),
  DATA_AFTER_END: refused(
    "Something follows the line `\\.`, which ends the data of PostgreSQL's COPY: files were concatenated, or it is a whole dump.",
    'Production is untouched. Ask the vendor for the data of one table alone.',
  ),
  PREAMBLE_MISMATCH: refused(
    'The first lines are not those that `format.leader` or `format.skip` declares, or `sep=` names another delimiter.',
    'Production is untouched. Compare the first lines of the file with `format` in the feed file.',
  ),
  TRAILER_MISMATCH: refused(
    'The last lines are not the declared trailer, or the number of rows in trailer or leader is not that of the file.',
    askVendor,
  ),
  SKIPPED_DATA: refused(
    'A line that `format.skip`, or a `leader` or `trailer` with `*`, leaves out reads like a row of the data, or like one that came damaged: the file has fewer lines beside its data than declared, or it was cut.',
    'Production is untouched. Compare the line with the lines beside the data in the file of another night. Where the vendor sends none, take the option out; where the line is none of the data, let `leader` or `trailer` say what it begins with, up to the delimiter behind the key.',
  ),
  MANIFEST_INVALID: refused(
    "The vendor's manifest cannot be read as the feed file says.",
    'Production is untouched. Compare the manifest with `ready.manifest` in the feed file.',
  ),
  MANIFEST_MISMATCH: refused(
    "The size, number of rows or checksum of a file is not what the vendor's manifest says, or the manifest does not name the file.",
    askVendor,
  ),
  MIXED_EOL: refused('Records end in different ways within one file.', askVendor),
  ENCODING: refused(
    'The file is in another encoding than the declared one, such as UTF-16, or UTF-8 where another is declared.',
    'Production is untouched. Compare the file with `format.encoding` in the feed file.',
  ),
  RECORD_TOO_LONG: refused(
    'A record is longer than 2,000,000 bytes.',
    'Production is untouched. A quote that never closes or a missing line end is the usual cause.',
  ),
  RECORD_LENGTH: refused(
    'Records of fixed width are longer or shorter than declared throughout, or the last one is not whole. The message says how long they are, and which option takes that.',
    'Production is untouched. Compare the length of the lines with `format.fields` in the feed file.',
  ),
  SQL_DIALECT: refused(
    'Nothing at the start of a dump says which program wrote it, or it is another one than the feed file says.',
    'Production is untouched. Look at the first lines of the file, and say in the feed file who wrote it: `format.dialect`.',
  ),
  SQL_TABLE: refused(
    'The dump has several tables and the feed file does not say which is read, or it has not the one that it says.',
    'Production is untouched. Name the table with `format.table` in the feed file.',
  ),
  SQL_COLUMNS: refused(
    'The INSERT statements of a dump name no columns, and no CREATE TABLE stands before them.',
    'Production is untouched. Name the columns in their order with `format.columns`, or ask the vendor for a dump with column names.',
  ),
  SQL_STATEMENT: refused(
    'A statement of the dump may change rows, or a value is no literal. Nothing of a dump is executed, so its rows cannot be known; the message shows the place.',
    'Production is untouched. Ask the vendor for a dump with plain INSERT or COPY statements alone.',
  ),
  SQL_UNREADABLE: refused(
    'The dump ends within a statement, a string or a comment, or holds what is no SQL of its dialect; the message shows the place.',
    askVendor,
  ),
  SQL_INCOMPLETE: refused(
    'The comment with which such a dump ends is missing, so it may have been cut between two statements; or statements follow it.',
    askVendor,
  ),
  TOO_WIDE: refused(
    'The table has more than 1,600 columns, or a row is too long for a page of PostgreSQL.',
    'Production is untouched. Compare the columns of the file with `columns` in the feed file.',
  ),
  TOO_MANY_REJECTS: refused(
    'More than a million records of a table were rejected, because the format is not as declared, or left out as older versions of a key.',
    'Production is untouched. Compare the first lines of the file with `format` in the feed file. Of versions (`collapse`), ask the vendor for fewer.',
  ),
  HEADER_MISMATCH: refused(
    'The header is not the declared one: renamed columns, another delimiter, no header, an error page.',
    'Production is untouched. Compare the header with `columns` in the feed file.',
  ),
  HEADER_DUPLICATE: refused(
    'Two columns of the file have the same name.',
    'Production is untouched. In the feed file, `ignore` leaves such columns out, and `from: {name: NAME, nth: 2}` reads the second.',
  ),
  HEADER_REPEATED: refused(
    'The header comes again in the data, perhaps in other quotes, case, blanks or order: files were concatenated.',
    'Production is untouched. Ask the vendor for a whole file; if the record is to be left out, say so with `drop_row_when`.',
  ),
  HEADER_UNDECLARED: refused(
    'With `header: false` a record holds the names of the columns. Declare the header, or leave the record out with `drop_row_when`.',
    'Production is untouched. Set `format.header: true` in the feed file; if only some files have the record, leave it out with `drop_row_when`.',
  ),
  SCHEMA_ADD: refused(
    "The file has a column that is not declared, and the table's contract refuses that.",
    'Production is untouched. Declare the column in the feed file, name it in `ignore`, or set `contract: {added: hold}`, `evolve` or `ignore`.',
  ),
  SCHEMA_MISSING: refused(
    'A declared column is not in the file.',
    'Production is untouched. Ask the vendor for the column, or remove it from the feed file.',
  ),
  SCHEMA_REORDERED: refused(
    "The columns are in another order than declared, and the table's contract refuses that.",
    'Production is untouched. Compare the header with `columns` in the feed file.',
  ),
  SCHEMA_RETYPED: refused(
    "None of a column's first values can be read as its type, and the table's contract refuses that.",
    'Production is untouched. Ask the vendor, or change the type in the feed file.',
  ),
  RULE_REFUSED: refused(
    'Rows break a rule that says `on_fail: refuse`. See [rules.md](rules.md).',
    'Production is untouched. Ask the vendor for corrected rows, or change the rule in the feed file.',
  ),
  FILE_NAME: refused(
    'The name of a file that the feed waits for has more than 255 bytes, which is more than file systems take.',
    'Production is untouched. Ask the vendor for a shorter name of the file.',
  ),
  AMBIGUOUS_FILE: refused(
    'A file fits the patterns of two tables; or several files fit a table that takes only one, or only the [newest](sources.md#which-files-make-a-table), and nothing tells which one that is.',
    'Production is untouched. Change the `files` patterns in the feed file so that each file fits one table.',
  ),
  DATE_AHEAD: refused(
    'The business date is later than tomorrow in the time zone of the schedule. Once published, it would have every earlier date refused as older. `--force --by WHO --reason WHY` lets it through (with `--stack`, without `--by`), and `status RUN` says who did.',
    'Nothing was touched. If the date is meant, add --force --by WHO --reason WHY, which is kept in the ledger. With --stack, leave --by out.',
  ),
  OLDER_DELIVERY: refused(
    'Production holds a newer business date.',
    'Production holds a newer delivery and keeps it. Nothing to do.',
  ),
  LATE: {
    state: 'late',
    retry: 'never',
    meaning:
      'The delivery was not there, or not whole, in time. The message says where nightfeed looked, what lies there, and which of it may have been meant: another case, another date, a link, a file that is still being sent.',
    hint: 'Run the same command again when the vendor has delivered.',
  },
  NIGHT_OVERDUE: {
    state: 'late',
    retry: 'never',
    meaning:
      'By the deadline, or without one by the next night, the date was neither published nor found unchanged. [`nightfeed serve`](serve.md) says it once for each date, whatever became of the run.',
    hint: 'Production is as it was before this date. `nightfeed status` says where the date stands.',
  },
  NIGHTS_MISSED: {
    state: 'late',
    retry: 'never',
    meaning:
      'Nights of the schedule went by and nobody ran them, and the path and the names of the files carry no date: what the vendor shows now is the delivery of the newest date. [`nightfeed serve`](serve.md#after-downtime) keeps these dates in `nightfeed.missed`.',
    hint: 'Production is untouched by these dates, and goes on with the newest. Nothing has to be done.',
  },
} as const satisfies Record<string, ErrorKind>;
