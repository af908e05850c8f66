import { entryOf } from '../entry-of.ts';
import type { Guards } from '../feed/spec.ts';
import type { TableDiff } from '../run/receipt.ts';
import type { GradedFinding } from './finding.ts';
import type { PastNight } from './measures.ts';

/** So many nights in a row are no accident any more, and somebody is told. */
const WARNED_NIGHTS = 2;

/** Rows that should be gone and stay, night after night, because nobody can tell which row some rejected record was. */
export function suspendedFindings(
  table: string,
  { suspended: guard }: Guards,
  { suspended, footer }: TableDiff,
  date: string,
  past: readonly PastNight[],
): GradedFinding[] {
  // A feed document of an older version has no such guard.
  const { nights, severity } = (guard as typeof guard | undefined) ?? {
    nights: Number.POSITIVE_INFINITY,
    severity: 'warn',
  };
  if (suspended === 0) return [];
  const value =
    1 +
    nightsInRow(
      table,
      past.filter((night) => night.date !== date),
    );
  if (value < Math.min(WARNED_NIGHTS, nights)) return [];
  const hold = {
    table,
    guard: 'DELETES_SUSPENDED',
    value,
    limit: nights - 1,
    unit: 'count',
    option: 'suspended',
    ...(footer ? { footer } : {}),
  } as const;
  return [{ severity: value >= nights ? severity : 'warn', hold }];
}

/** The last nights with suspended deletes, a business date a night. */
function nightsInRow(table: string, past: readonly PastNight[]): number {
  const end = past.findIndex(({ measures }) => !entryOf(measures.tables, table)?.suspended);
  return end === -1 ? past.length : end;
}
