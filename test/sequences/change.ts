import fc from 'fast-check';
import { type Family, families, type Meaning, ODD, type Type } from './value.ts';

/** A column of the feed file; `absent`: the feed file has none such, and the vendor does not send it. */
export interface ColumnState {
  readonly family: Family;
  readonly type: Type;
  readonly compare: boolean;
  readonly state: 'stored' | 'read' | 'absent';
}

/** What happens before a night. */
export type Change =
  | { readonly kind: 'type'; readonly column: string; readonly pick: number }
  | { readonly kind: 'compare'; readonly column: string }
  | { readonly kind: 'state'; readonly column: string; readonly state: ColumnState['state'] }
  /** The vendor leaves it out for this night, and the contract lets it. */
  | { readonly kind: 'missing'; readonly column: string }
  | { readonly kind: 'on_delete' }
  | { readonly kind: 'order' }
  /** Somebody names a column of the table otherwise, and back when the night was refused for it. */
  | { readonly kind: 'renamed'; readonly column: string }
  /** Somebody adds what is no matter of ours. */
  | { readonly kind: 'added'; readonly sql: string }
  | { readonly kind: 'setting'; readonly setting: string; readonly value: string };

export interface Night {
  readonly changes: readonly Change[];
  /** By key: new values by column, or null for a row that the vendor leaves out. */
  readonly rows: readonly (readonly [key: number, values: Readonly<Record<string, Meaning>> | null])[];
  readonly engine: 'auto' | 'duckdb' | 'lockstep';
  /** Afterwards the feed file takes what it rejected, and that is released. */
  readonly releases: boolean;
}

const changing = ['a', 'b', 'c', 'at'] as const;
/** Takes numbers only, until rejected rows are released: then it is text for good. */
export const NARROW = 'n';
export const columnNames = [...changing, NARROW] as const;

export const startColumns: Readonly<Record<string, ColumnState>> = {
  a: { family: 'number', type: 'integer', compare: true, state: 'stored' },
  b: { family: 'number', type: 'decimal(8,2)', compare: true, state: 'stored' },
  c: { family: 'number', type: 'double', compare: false, state: 'stored' },
  at: { family: 'time', type: 'date', compare: true, state: 'stored' },
  n: { family: 'number', type: 'integer', compare: true, state: 'stored' },
};

const settings = [
  ['timezone', 'Asia/Tokyo'],
  ['timezone', 'America/New_York'],
  ['DateStyle', 'SQL, DMY'],
  ['extra_float_digits', '0'],
  ['IntervalStyle', 'sql_standard'],
] as const;

const additions = [
  'CREATE INDEX ON $t (a)',
  'ALTER TABLE $t ADD IF NOT EXISTS theirs text',
  'CREATE STATISTICS ON id, a FROM $t',
  'ALTER TABLE $t SET (fillfactor = 50)',
];

const column = fc.constantFrom(...changing);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('type' as const), column, pick: fc.nat(4) }),
  fc.record({ kind: fc.constant('compare' as const), column }),
  fc.record({
    kind: fc.constant('state' as const),
    column,
    state: fc.constantFrom('stored' as const, 'stored' as const, 'read' as const, 'absent' as const),
  }),
  fc.record({ kind: fc.constant('missing' as const), column }),
  fc.constant({ kind: 'on_delete' as const }),
  fc.constant({ kind: 'order' as const }),
  fc.record({ kind: fc.constant('renamed' as const), column }),
  fc.constantFrom(...additions).map((sql) => ({ kind: 'added' as const, sql })),
  fc.constantFrom(...settings).map(([setting, value]) => ({ kind: 'setting' as const, setting, value })),
);

const meaning = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.constant(null));
const narrow = fc.oneof({ weight: 4, arbitrary: meaning }, fc.constant(ODD));
const values: fc.Arbitrary<Record<string, Meaning>> = fc.record({
  ...Object.fromEntries(changing.map((name) => [name, meaning])),
  [NARROW]: narrow,
});
const night: fc.Arbitrary<Night> = fc.record({
  changes: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }) },
  ),
  rows: fc.array(
    fc.tuple(fc.integer({ min: 1, max: 6 }), fc.oneof({ weight: 3, arbitrary: values }, fc.constant(null))),
    { maxLength: 4 },
  ),
  engine: fc.constantFrom('auto', 'auto', 'duckdb', 'lockstep'),
  releases: fc.boolean(),
});

/** Random nights, with what somebody changes between them. */
export const sequences = fc.array(night, { minLength: 2, maxLength: 6 });

/** The columns after what somebody changed in the feed file. */
export function changed(columns: Readonly<Record<string, ColumnState>>, each: Change): Record<string, ColumnState> {
  if (each.kind === 'order') return Object.fromEntries(Object.entries(columns).toReversed());
  if (!('column' in each) || each.kind === 'missing' || each.kind === 'renamed') return columns;
  const before = columns[each.column]!;
  if (each.kind === 'compare') return { ...columns, [each.column]: { ...before, compare: !before.compare } };
  if (each.kind === 'state') return { ...columns, [each.column]: { ...before, state: each.state } };
  const types = families[before.family];
  return { ...columns, [each.column]: { ...before, type: types[each.pick % types.length]! } };
}
