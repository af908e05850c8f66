import type { ChangeKind } from '../../../core/run/diff-receipt.ts';

/** One kind of change to one table. */
export interface Write {
  readonly table: string;
  readonly kind: ChangeKind;
}

/** A foreign key between two tables of a feed. */
export interface Reference {
  readonly child: string;
  readonly parent: string;
  /** Its check is deferred to the end of the transaction. */
  readonly deferred: boolean;
  /** The server's action on children of a deleted parent (RESTRICT too) cannot be deferred. */
  readonly acts: boolean;
}

/**
 * Sorts writes as constraints need it: a parent is inserted before its children are written, and deleted after them. Within a
 * table, gone rows free unique values for changed ones, and these for new ones. If both cannot be had, foreign
 * keys go first. Between tables that refer to each other only a deferred foreign key helps.
 */
export function writeOrder(writes: readonly Write[], references: readonly Reference[]): Write[] {
  const left = writes.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  const order: Write[] = [];
  while (left.length > 0) {
    const waitsFor = (rules: readonly Precedes[]) => (write: Write) =>
      left.some((other) => rules.some((precedes) => precedes(other, write)));
    const byReference = references.map(referenceRule);
    const free = left.find((write) => !waitsFor([...byReference, freesValues])(write));
    const next = free ?? left.find((write) => !waitsFor(byReference)(write)) ?? left[0]!;
    left.splice(left.indexOf(next), 1);
    order.push(next);
  }
  return order;
}

/** Order of the kinds of change within a table, so that a unique value can pass from one row to another. */
const kinds: readonly ChangeKind[] = ['gone', 'updated', 'inserted'];

type Precedes = (first: Write, second: Write) => boolean;

const freesValues: Precedes = (first, second) =>
  first.table === second.table && kinds.indexOf(first.kind) < kinds.indexOf(second.kind);

function referenceRule({ child, parent, deferred, acts }: Reference): Precedes {
  const isBorn = (first: Write, second: Write) =>
    first.table === parent && first.kind === 'inserted' && second.table === child && second.kind !== 'gone';
  const isLeft = (first: Write, second: Write) =>
    first.table === child && first.kind !== 'inserted' && second.table === parent && second.kind === 'gone';
  return (first, second) =>
    first !== second && ((!deferred && isBorn(first, second)) || ((!deferred || acts) && isLeft(first, second)));
}
