import { entryOf } from '../entry-of.ts';
import { recordTextOf } from '../feed/descriptors/format-descriptor.ts';
import { unsaid } from '../feed/spec/guards.ts';
import type { Table } from '../feed/spec.ts';
import type { TableDiff } from '../run/diff-receipt.ts';
import { excerpt } from '../shown-text.ts';
import type { Finding, GradedFinding } from './finding.ts';
import type { TableSigns } from './table-signs.ts';

/** Findings about records that the vendor may have meant differently. */
export function signFindings(table: string, { signs, rows }: TableDiff, spec: Table): GradedFinding[] {
  if (signs === undefined) return [];
  return [
    ...swallowed(table, signs, spec),
    ...backslashes(table, signs.backslashes, rows, spec),
    ...endings(table, signs.endings),
  ];
}

function swallowed(table: string, { swallowed: found }: TableSigns, { columns }: Table): GradedFinding[] {
  return found.flatMap(({ column, fields: value, file, record, byte }) => {
    if (column !== null && entryOf(columns, column)?.contains_records) return [];
    const place = `${excerpt(file, 63)}, record ${record} at byte ${byte} of the data`;
    const named = column === null ? {} : { column: excerpt(column, 63) };
    const hold: Finding = { table, guard: 'SWALLOWED_RECORDS', ...named, place, value, limit: 0, unit: 'count' };
    return [{ severity: 'hold', hold }];
  });
}

/** A single one is a typing mistake. */
const LEAST_RECORDS = 2;
/** A writer who escapes doubles every backslash. Windows paths have many that stand before a letter. */
const MOST_PLAIN = 0.1;
const NULL_MARK = '\\N';

function backslashes(table: string, found: TableSigns['backslashes'], rows: number, spec: Table): GradedFinding[] {
  if (found === undefined || found.plain > MOST_PLAIN * found.escapes) return [];
  const { breaking, doubled, nulls } = found;
  // The feed file declares `\N` as null, so this is what the vendor means.
  const records = breaking + doubled + (recordTextOf(spec.format).null_values.includes(NULL_MARK) ? 0 : nulls);
  const { limit, severity } = spec.guards.backslashes ?? unsaid.backslashes;
  const value = records / Math.max(rows, 1);
  if (records < LEAST_RECORDS || value <= limit) return [];
  // Two backslashes in a row also occur in JSON and in network paths, so they count only when `\N` occurs too.
  const isClear = breaking > 0 || (doubled > 0 && nulls > 0);
  const hold: Finding = { table, guard: 'BACKSLASHES', value, limit, unit: 'share' };
  return [{ severity: isClear ? severity : 'warn', hold }];
}

function endings(table: string, found: TableSigns['endings']): GradedFinding[] {
  if (found === undefined) return [];
  const value = found.next.filter((ending) => !found.base.includes(ending)).length;
  const hold: Finding = { table, guard: 'FILE_ENDINGS', value, limit: 0, unit: 'count' };
  return [{ severity: 'warn', hold }];
}
