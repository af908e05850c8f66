import type { Feed, Guards } from '../feed/spec.ts';
import type { GuardName } from './guard-names.ts';
import type { Measures, TableMeasures } from './measures.ts';
import type { TableDiff } from './receipt.ts';

/** One number of a night, seen from one side. */
export interface Watch {
  readonly guard: GuardName;
  readonly column?: string;
  readonly value: number;
  readonly side: 'drop' | 'rise';
  readonly unit: 'share' | 'minutes';
  readonly severity: 'hold' | 'warn';
  readonly learned: 'off' | 'hold' | 'warn';
  /** Of the feed file. */
  readonly limit: number | undefined;
  /** The same number of an earlier night. */
  of(night: Measures): number | undefined;
  leastSpread(median: number): number;
}

/** What a table's guards look at tonight: nothing that says little, because the base has few rows. */
export function watchTable(name: string, guards: Guards, diff: TableDiff, measures: TableMeasures): Watch[] {
  const { base, rows } = diff;
  const isBase = base > 0 && base >= guards.min_rows;
  // A snapshot without rows is held in any case.
  const counts = isBase && diff.accepted > 0 ? range('rows', 'ROWCOUNT') : [];
  return [
    ...counts,
    ...(isBase ? [...range('bytes', 'BYTES'), ...most('gone', 'MASS_DELETE', base)] : []),
    ...(isBase ? [...most('updated', 'MASS_UPDATE', base), ...most('inserted', 'MASS_INSERT', base)] : []),
    ...(rows > 0 && rows >= guards.min_rows ? most('rejected', 'REJECTED_LIMIT', rows) : []),
    ...(isBase ? nullShares() : []),
  ];

  function range(what: 'rows' | 'bytes', guard: 'ROWCOUNT' | 'BYTES'): Watch[] {
    const [lowest, highest] = guards[what].limit ?? [];
    return [...side('drop', `${guard}_DROP`, lowest), ...side('rise', `${guard}_RISE`, highest)];

    function side(which: Watch['side'], name: GuardName, limit: number | undefined): Watch[] {
      return numeric(what, name, which, limit, base);
    }
  }

  function most(what: 'gone' | 'updated' | 'inserted' | 'rejected', guard: GuardName, of: number): Watch[] {
    return numeric(what, guard, 'rise', guards[what].limit, of);
  }

  function numeric(
    what: Exclude<keyof TableMeasures, 'nulls'>,
    guard: GuardName,
    side: Watch['side'],
    limit: number | undefined,
    of: number,
  ): Watch[] {
    const value = measures[what];
    if (value === undefined) return [];
    const { severity, learned } = guards[what];
    const leastSpread = leastShare(what === 'rejected' ? LEAST_REJECTED : LEAST_SHARE, of);
    const past = (night: Measures) => night.tables[name]?.[what];
    return [{ guard, value, side, unit: 'share', severity, learned, limit, of: past, leastSpread }];
  }

  function nullShares(): Watch[] {
    const { limit, severity, learned } = guards.nulls;
    return Object.entries(measures.nulls ?? {}).map(([column, value]) => {
      const side = value < 0 ? 'drop' : 'rise';
      const bound = limit === undefined || side === 'rise' ? limit : -limit;
      const of = (night: Measures) => night.tables[name]?.nulls?.[column];
      const leastSpread = leastShare(LEAST_SHARE, base);
      return {
        guard: 'NULL_SHARE',
        column,
        value,
        side,
        unit: 'share',
        severity,
        learned,
        limit: bound,
        of,
        leastSpread,
      };
    });
  }
}

export function watchLate({ late }: Feed['guards'], measures: Measures): Watch[] {
  if (measures.late === undefined) return [];
  const { severity, learned } = late;
  const limit = late.limit === undefined ? undefined : late.limit / 60;
  return [
    {
      guard: 'DELIVERED_LATE',
      value: measures.late,
      side: 'rise',
      unit: 'minutes',
      severity,
      learned,
      limit,
      of: (night) => night.late,
      leastSpread: () => LEAST_MINUTES,
    },
  ];
}

/** With the default width of five spreads: one per cent, half of what is usual, ten rows, a quarter of an hour. */
const LEAST_SHARE = 0.002;
const LEAST_REJECTED = 0.0001;
const LEAST_PART = 0.1;
const LEAST_ROWS = 2;
const LEAST_MINUTES = 3;

function leastShare(least: number, of: number): Watch['leastSpread'] {
  return (median) => Math.max(least, LEAST_PART * Math.abs(median), LEAST_ROWS / of);
}
