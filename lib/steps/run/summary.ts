import { shownFiles } from '../../core/delivery/explain-files.ts';
import type { DiffReceipt, FileChoice } from '../../core/run/receipt.ts';
import type { PublishedTable } from '../../ports/target.ts';

/** A table's numbers as people and scripts see them: the contract of `--json`. */
export interface TableSummary {
  /** Records delivered, rejected ones included. */
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  /** Known only after publish, which alone sees the stamped rows; counted as inserted before. */
  readonly returned: number;
  readonly gone: number;
  /** Of the rows that are gone, those that stay, stamped; known after publish, where a condition decides. */
  readonly retained?: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Left out by the feed's own conditions. */
  readonly filtered: number;
  readonly suspended: number;
  readonly engine: string;
  /** Where files may be left out. */
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
