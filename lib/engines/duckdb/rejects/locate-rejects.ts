import { NightfeedError } from '../../../core/errors.ts';
import { records } from '../../../core/records/record-stream.ts';
import { recordSyntaxOf } from '../../../core/records/record-syntax.ts';
import type { Dropped } from '../../../core/run/snapshot-manifest.ts';
import type { ValueReject } from '../../../core/sql/plans/value-reject.ts';
import type { EngineInput } from '../../../ports/comparison.ts';
import type { Store } from '../../../ports/store.ts';
import { locateIn, partBytes, tableParts } from '../part-files.ts';
import type { LocatedReject, MalformedRecord } from '../plan-inputs.ts';

/** Rejected records of whole parts, in stream order. */
export async function* locateInParts(
  store: Store,
  { next }: EngineInput,
  malformed: ReadonlyMap<number, readonly MalformedRecord[]>,
  values: readonly ValueReject[],
): AsyncGenerator<LocatedReject> {
  const byPart = Map.groupBy(values, (value) => value.part);
  for (const [part, tablePart] of tableParts(next.landed.files).entries()) {
    const rejects = inStreamOrder(malformed.get(part) ?? [], byPart.get(part) ?? []);
    let nth = 0;
    for await (const { offset, length, bytes } of locateIn(
      store,
      tablePart,
      next.reading,
      rejects.map((reject) => reject.index),
    )) {
      const { code, col, key, readable } = rejects[nth]!;
      yield { part, offset, length, code, col, key, readable, bytes };
      nth += 1;
    }
  }
}

/** The number, from 1, of a record of the delivery within its file. */
export async function recordNumberOf(store: Store, { next }: EngineInput, place: Dropped): Promise<number> {
  const { landed, reading } = next;
  let first = 0;
  const { parts, header, recordEnd } = landed.files.find(({ parts }) => {
    first += parts.length;
    return place.part < first;
  })!;
  const within = place.part - (first - parts.length);
  const earlier = parts.slice(0, within).reduce((sum, { rows }) => sum + rows, 0);
  const bytes = partBytes(store, parts[within]!);
  for await (const { index, offset } of records(bytes, recordSyntaxOf(reading.format), recordEnd, header.length))
    if (offset === place.offset) return earlier + index + 1;
  throw new NightfeedError('ENGINE_DISAGREES', `no record begins at byte ${place.offset} of ${parts[within]!.key}`);
}

type NumberedReject = Pick<LocatedReject, 'code' | 'col' | 'key' | 'readable'> & { readonly index: number };

/** Both kinds of rejects in one list, by record number. The plan numbers only well-formed records, so malformed ones before a reject are added. */
function inStreamOrder(malformed: readonly MalformedRecord[], values: readonly ValueReject[]): NumberedReject[] {
  const merged: NumberedReject[] = [];
  let passed = 0;
  const passMalformed = (before: (index: number) => boolean) => {
    for (; passed < malformed.length && before(malformed[passed]!.index); passed += 1) {
      const { index, code } = malformed[passed]!;
      merged.push({ index, code, col: null, key: null, readable: null });
    }
  };
  for (const { ord, code, col, key, readable } of values) {
    passMalformed((index) => index <= ord + passed);
    merged.push({ index: ord + passed, code, col, key, readable });
  }
  passMalformed(() => true);
  return merged;
}
