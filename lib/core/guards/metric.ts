import { entryOf } from '../entry-of.ts';
import { unsaid } from '../feed/spec/guards.ts';
import type { Feed, Guards } from '../feed/spec.ts';
import type { TableDiff } from '../run/diff-receipt.ts';
import { excerpt } from '../shown-text.ts';
import { isAlmostAll, isJudged, isSmall } from './few-rows.ts';
import type { Finding } from './finding.ts';
import type { GuardName } from './guard-names.ts';
import type { Measures, TableMeasures } from './measures.ts';
import { showText } from './show-sample.ts';

/** One number of a night, and the side on which it alarms. */
export interface Metric {
  readonly guard: GuardName;
  readonly column?: string;
  readonly value: number;
  readonly side: 'drop' | 'rise';
  readonly unit: Finding['unit'];
  readonly severity: 'hold' | 'warn';
  readonly learned: 'off' | 'hold' | 'warn';
  /** Limit of the feed file. */
  readonly limit: number | undefined;
  readonly option: Finding['option'];
  /** What a finding names besides the number. */
  readonly about?: Pick<Finding, 'files' | 'keys'>;
  /** Reads this number from the measures of an earlier night. */
  of(night: Measures): number | undefined;
  leastSpread(median: number): number;
}

/** A feed document of an older version has no such guard. */
function isKnown(guard: object | undefined): boolean {
  return guard !== undefined;
}

/** Limit when the feed file has none. */
const GONE = 0.05;

/** Numbers of a table that are shares of its rows or bytes. */
type ShareOf = Exclude<
  keyof TableMeasures,
  'nulls' | 'files' | 'overlap' | 'reverted' | 'suspended' | 'recordBytes' | 'recordLines'
>;

/** The metrics of a table tonight, without those that concern too few rows. */
export function tableMetrics(name: string, guards: Guards, diff: TableDiff, measures: TableMeasures): Metric[] {
  const { base, rows } = diff;
  // A snapshot without rows is held in any case.
  const counts = diff.accepted > 0 ? range('rows', 'ROWCOUNT') : [];
  return [
    ...counts,
    ...range('bytes', 'BYTES'),
    ...numeric('gone', 'MASS_DELETE', 'rise', guards.gone.limit ?? GONE, base),
    ...most('updated', 'MASS_UPDATE', base),
    ...most('inserted', 'MASS_INSERT', base),
    ...most('rejected', 'REJECTED_LIMIT', rows),
    ...(isKnown(guards.duplicates) ? most('duplicates', 'DUPLICATE_ROWS', rows) : []),
    ...numeric('collapsed', 'OLDER_VERSIONS', 'rise', (guards.collapsed ?? unsaid.collapsed).limit, rows),
    ...reverted(),
    ...(isKnown(guards.overlap) ? overlap() : []),
    ...nullShares(),
    ...fileCount(),
  ];

  function range(what: 'rows' | 'bytes', guard: 'ROWCOUNT' | 'BYTES'): Metric[] {
    const [lowest, highest] = guards[what].limit ?? [];
    return [...side('drop', `${guard}_DROP`, lowest), ...side('rise', `${guard}_RISE`, highest)];

    function side(which: Metric['side'], name: GuardName, limit: number | undefined): Metric[] {
      return numeric(what, name, which, limit, base);
    }
  }

  function most(what: 'updated' | 'inserted' | 'rejected' | 'duplicates', guard: GuardName, of: number): Metric[] {
    return numeric(what, guard, 'rise', guards[what].limit, of);
  }

  function numeric(
    what: ShareOf,
    guard: GuardName,
    side: Metric['side'],
    limit: number | undefined,
    of: number,
  ): Metric[] {
    const value = measures[what];
    if (value === undefined) return [];
    const affected = { share: value, of };
    const isAllGone = what === 'gone' && isAlmostAll(guards, affected);
    if (!isAllGone && !isJudged(guards, affected)) return [];
    const option = isAllGone ? 'gone' : isSmall(guards, of) ? 'min_changed' : undefined;
    const { severity, learned } = what === 'collapsed' ? (guards.collapsed ?? unsaid.collapsed) : guards[what];
    const isRare = what === 'rejected' || what === 'duplicates';
    const leastSpread = leastShare(isRare ? LEAST_REJECTED : LEAST_SHARE, of);
    const past = (night: Measures) => entryOf(night.tables, name)?.[what];
    return [{ guard, value, side, unit: 'share', severity, learned, limit, of: past, leastSpread, option }];
  }

  /** An incomplete generation has fewer files than usual. Only learned, because `expect` is the limit of the feed file. */
  function fileCount(): Metric[] {
    const value = measures.files;
    if (value === undefined) return [];
    const learned = guards.files?.learned ?? 'warn';
    const of = (night: Measures) => entryOf(night.tables, name)?.files;
    return (['drop', 'rise'] as const).map((side) => ({
      guard: 'FILES_UNUSUAL',
      value,
      side,
      unit: 'count',
      severity: 'hold',
      learned,
      limit: undefined,
      option: undefined,
      of,
      leastSpread: () => LEAST_FILES,
    }));
  }

  function reverted(): Metric[] {
    const { limit, ...does } = guards.reverted ?? unsaid.reverted;
    const value = measures.reverted;
    return value === undefined ? [] : [{ guard: 'ROWS_REVERTED', ...rowCount('reverted', value, limit), ...does }];
  }

  function overlap(): Metric[] {
    const { limit, ...does } = guards.overlap;
    const { names = [], files = 0, keys = [] } = diff.repeats ?? {};
    const more = files > names.length ? [`${files - names.length} more`] : [];
    return [
      {
        guard: 'FILES_OVERLAP',
        ...rowCount('overlap', measures.overlap ?? 0, limit),
        ...does,
        option: 'overlap',
        about: { files: [...names.map((file) => excerpt(file)), ...more], keys: keys.map(showText) },
      },
    ];
  }

  /** A number of rows, of which the limit may be a share of the delivery. */
  function rowCount(what: 'overlap' | 'reverted', value: number, limit: Guards['overlap']['limit']) {
    return {
      value,
      side: 'rise',
      unit: 'count',
      limit: 'rows' in limit ? limit.rows : Math.floor(limit.share * rows),
      option: undefined,
      of: (night: Measures) => entryOf(night.tables, name)?.[what],
      leastSpread: (median: number) => Math.max(LEAST_REJECTED * rows, LEAST_PART * median, LEAST_ROWS),
    } as const;
  }

  function nullShares(): Metric[] {
    const { limit, severity, learned } = guards.nulls;
    return Object.entries(measures.nulls ?? {}).flatMap(([column, value]) => {
      if (!isJudged(guards, { share: value, of: base })) return [];
      const side = value < 0 ? 'drop' : 'rise';
      const bound = limit === undefined || side === 'rise' ? limit : -limit;
      const of = (night: Measures) => entryOf(entryOf(night.tables, name)?.nulls, column);
      const leastSpread = leastShare(LEAST_SHARE, base);
      const option = isSmall(guards, base) ? 'min_changed' : undefined;
      const numbers = { value, side, unit: 'share', limit: bound, leastSpread } as const;
      return [{ guard: 'NULL_SHARE', column, ...numbers, severity, learned, of, option }];
    });
  }
}

export function lateMetrics({ late }: Feed['guards'], measures: Measures): Metric[] {
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
      option: undefined,
    },
  ];
}

/** Least spreads. With the default width of five they allow one per cent, half of the usual value, ten rows or a quarter of an hour. */
const LEAST_SHARE = 0.002;
const LEAST_REJECTED = 0.0001;
const LEAST_PART = 0.1;
const LEAST_ROWS = 2;
const LEAST_MINUTES = 3;
/** If the number of files never changed, one file more or less is unusual. */
const LEAST_FILES = 0.1;

function leastShare(least: number, of: number): Metric['leastSpread'] {
  return (median) => Math.max(least, LEAST_PART * Math.abs(median), LEAST_ROWS / of);
}
