import type { KeyOrder } from '../../core/records/scan/key-order.ts';
import { ascendTogether } from '../../core/records/scan/key-range.ts';
import type { FileParts } from '../../core/run/receipt.ts';

/** Whether the keys of all records, file after file, ascend strictly: then none occurs twice. */
export function ascends(order: KeyOrder | undefined, files: readonly FileParts[]): order is KeyOrder {
  const withRows = files.map((file) => ({ ...file, rows: file.parts.reduce((sum, part) => sum + part.rows, 0) }));
  return order !== undefined && ascendTogether(order, withRows);
}
