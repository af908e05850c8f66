import { shownFiles } from '../../core/delivery/explain-files.ts';
import type { DiffReceipt } from '../../core/run/diff-receipt.ts';
import type { TableSummary } from '../../core/run/night-result.ts';
import type { PublishedTable } from '../../ports/target.ts';

export function summaries(
  receipt: DiffReceipt,
  written?: Readonly<Record<string, PublishedTable>>,
): Record<string, TableSummary> {
  return Object.fromEntries(
    Object.entries(receipt.tables).map(([name, diff]) => [
      name,
      {
        rows: diff.rows,
        inserted: written?.[name]?.inserted ?? diff.inserted,
        updated: diff.updated,
        returned: written?.[name]?.returned ?? 0,
        gone: diff.gone,
        ...(written?.[name]?.retained === undefined ? {} : { retained: written[name].retained }),
        unchanged: diff.unchanged,
        rejected: Object.values(diff.rejected).reduce((sum, count) => sum + count, 0),
        filtered: diff.filtered,
        ...(diff.collapsed === undefined ? {} : { collapsed: diff.collapsed }),
        ...(diff.reverted === undefined ? {} : { reverted: diff.reverted }),
        suspended: diff.suspended,
        engine: diff.engine,
        ...(diff.files ? { files: shownFiles(diff.files) } : {}),
        ...(diff.notes ? { notes: diff.notes } : {}),
      },
    ]),
  );
}
