/** Where a record begins in a file as the vendor sent it, unpacked: as much of it as its format can tell. */
export interface RecordPlace {
  /** Number of the line, from 1. */
  readonly line?: number;
  /** From 0. */
  readonly byte?: number;
  /** JSON path. */
  readonly path?: string;
  /** Number of the statement in a dump, from 1. */
  readonly statement?: number;
  /** Numbers of the row group of a Parquet file and of the row in the file, from 1. */
  readonly row_group?: number;
  readonly row?: number;
  /** Number of the record in the file, from 1, where the format tells nothing else. */
  readonly record?: number;
}

/** Places in a file that is read, record by record. */
export interface RecordPlaces {
  /** Goes on to the next record: its number, and its first byte in the record text, both from 0. All of it was read. */
  to(record: number, offset: number): void;
  /** Of that record, asked before more is read; undefined when too much stands between it and the next one. */
  readonly place: RecordPlace | undefined;
}

/** For people, such as `line 1204, byte 88213`. A path is the vendor's text. */
export function placeText({ path, row_group, row, statement, record, line, byte }: RecordPlace): string {
  const told = [
    path,
    row_group === undefined ? undefined : `row group ${row_group}`,
    row === undefined ? undefined : `row ${row}`,
    statement === undefined ? undefined : `statement ${statement}`,
    record === undefined ? undefined : `record ${record}`,
    line === undefined ? undefined : `line ${line}`,
    byte === undefined ? undefined : `byte ${byte}`,
  ];
  return told.filter((each) => each !== undefined).join(', ');
}
