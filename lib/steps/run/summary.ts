import { shownFiles } from '../../core/delivery/explain-files.ts';
import type { DiffReceipt, FileChoice } from '../../core/run/receipt.ts';
import type { PublishedTable } from '../../ports/target.ts';

/** A table's numbers for people and for scripts: a contract, in `--json`. */
export interface TableSummary {
  /** Records delivered, rejected ones included. */
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  /** Known only after publish, because only publish sees the stamped rows. Before, these rows count as inserted. */
  readonly returned: number;
  readonly gone: number;
  /** How many of the gone rows stay, stamped, where `retain_where` decides. Known after publish. */
  readonly retained?: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Records that the feed's filters exclude. */
  readonly filtered: number;
  readonly suspended: number;
  readonly engine: string;
  /** Present where the feed may leave files out. */
  readonly files?: FileChoice;
}

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
        suspended: diff.suspended,
        engine: diff.engine,
        ...(diff.files ? { files: shownFiles(diff.files) } : {}),
      },
    ]),
  );
}
