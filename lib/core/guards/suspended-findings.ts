import { entryOf } from '../entry-of.ts';
import type { Guards } from '../feed/spec.ts';
import type { TableDiff } from '../run/diff-receipt.ts';
import type { GradedFinding } from './finding.ts';
import type { PastNight } from './measures.ts';

/** So many nights in a row are not an accident, so somebody is warned. */
const WARNED_NIGHTS = 2;

/** Warns when deletes are suspended night after night, because nobody can tell which row some rejected record was. */
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

/** The latest nights in a row with suspended deletes, one for each business date. */
function nightsInRow(table: string, past: readonly PastNight[]): number {
  const end = past.findIndex(({ measures }) => !entryOf(measures.tables, table)?.suspended);
  return end === -1 ? past.length : end;
}
