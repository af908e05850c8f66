import { NightfeedError } from '../../core/errors.ts';
import { recordTextOf } from '../../core/feed/descriptors/format-descriptor.ts';
import type { Table } from '../../core/feed/spec.ts';
import { type PlacedRecord, records } from '../../core/records/record-stream.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { RecordText } from '../../core/records/record-text.ts';
import type { LandedFile } from '../../core/run/pull-receipt.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { ConvertedFile } from '../../ports/file-format.ts';
import type { Ports } from '../../ports/ports.ts';
import type { RecordAgain } from '../../ports/quarantine.ts';
import { openedAgain, type ReadingPorts } from './open-again.ts';
import { unpackedObject } from './unpacked-object.ts';

/**
 * The records of a file that landed, each as it landed and as today's format reads it, found by their number. Throws what
 * `fileBytes` and the format throw, and RECORDS_DIFFER when the format finds another number of records.
 */
export function readAgain(
  file: LandedFile,
  landedAs: RecordText,
  table: Table,
  ports: ReadingPorts,
): AsyncGenerator<RecordAgain> {
  return openedAgain(file, table, ports, (converted) => recordsOf(file, landedAs, converted, table, ports));
}

async function* recordsOf(
  file: LandedFile,
  landedAs: RecordText,
  converted: ConvertedFile,
  table: Table,
  ports: ReadingPorts,
): AsyncGenerator<RecordAgain> {
  const { head, faultOf } = converted;
  const now = records(converted.text, recordSyntaxOf(recordTextOf(table.format)), head.recordEnd, head.header.length);
  let rows = 0;
  let there = await now.next();
  for await (const { object, offset } of landedRecords(file, landedAs, ports)) {
    if (there.done) break;
    const { bytes } = there.value;
    yield { object, offset, bytes, header: head.header, recordEnd: head.recordEnd, fault: faultOf?.(rows) ?? null };
    rows += 1;
    there = await now.next();
  }
  for (; !there.done; there = await now.next()) rows += 1;
  const before = file.parts.reduce((sum, part) => sum + part.rows, 0);
  if (rows !== before) {
    const message = `${excerpt(file.name)} had ${before} records in that night, and has ${rows} under today's format options: which of them waited cannot be said`;
    throw new NightfeedError('RECORDS_DIFFER', message);
  }
  converted.end({ rows, endsBroken: false });
}

async function* landedRecords(
  { parts, recordEnd, header }: LandedFile,
  landedAs: RecordText,
  { store }: Pick<Ports, 'store'>,
): AsyncGenerator<Pick<PlacedRecord, 'offset'> & { readonly object: string }> {
  for (const { key } of parts)
    for await (const { offset } of records(
      unpackedObject(key, store),
      recordSyntaxOf(landedAs),
      recordEnd,
      header.length,
    ))
      yield { object: key, offset };
}
