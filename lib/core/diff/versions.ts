import { scalarOf } from '../expression/scalar.ts';
import type { ReadingSpec } from '../feed/reading-spec.ts';
import type { ColumnType } from '../feed/values/column-type.ts';
import type { ReadRow } from './read-record.ts';
import type { Row } from './row.ts';

type Member = Pick<ReadRow, 'code' | 'isFiltered' | 'version'>;

/** What becomes of the records of one key. */
export interface Versions<M> {
  /** Good records of the newest version; one of them goes in, if they are equal and nothing else is said here. */
  readonly newest: readonly M[];
  /** Older good records, which are left out. */
  readonly older: readonly M[];
  /** A filter leaves out a record of the same version. */
  readonly isBesideFiltered: boolean;
  /** A rejected record is the newest version, or may be. */
  readonly isBehindRejected: boolean;
}

/** `core/sql/plans/versions.ts` says the same as SQL. */
export function versionsOf<M extends Member>(type: ColumnType, members: readonly M[]): Versions<M> {
  const good = members.filter(({ code, isFiltered }) => code === undefined && !isFiltered);
  const filtered = members.filter(({ isFiltered }) => isFiltered);
  const rejected = members.filter(({ code }) => code !== undefined);
  const age = ({ version }: M, than: M) => compareVersions(type, version!, than.version!);
  const [best] = good.toSorted((a, b) => age(b, a));
  if (best === undefined) return { newest: [], older: [], isBesideFiltered: false, isBehindRejected: false };
  const isLeftOut = filtered.some((each) => age(each, best) > 0);
  const newest = isLeftOut ? [] : good.filter((each) => age(each, best) === 0);
  return {
    newest,
    older: good.filter((each) => !newest.includes(each)),
    isBesideFiltered: filtered.some((each) => age(each, best) === 0),
    isBehindRejected: rejected.some((each) => each.version === undefined || age(each, best) >= 0),
  };
}

/** Whether an update brings an older version than production's row has. */
export function isReverted(
  { newest, columns }: ReadingSpec,
  { before, after }: Readonly<Record<'before' | 'after', Row>>,
): boolean {
  const place = columns.findIndex(({ name }) => name === newest);
  return place !== -1 && compareVersions(columns[place]!.type, after[place]!, before[place]!) < 0;
}

/** Null is older than any value. */
export function compareVersions(type: ColumnType, a: string | null, b: string | null): number {
  const [one, other] = [scalarOf(type, a), scalarOf(type, b)];
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  return one < other ? -1 : one > other ? 1 : 0;
}
