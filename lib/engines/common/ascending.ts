import type { KeyOrder } from '../../core/records/scan/key-order.ts';
import { ascendTogether } from '../../core/records/scan/key-range.ts';
import type { FileParts } from '../../core/run/file-parts.ts';

/** Whether the keys ascend strictly over all records of all files. Then no key occurs twice. */
export function ascends(order: KeyOrder | undefined, files: readonly FileParts[]): order is KeyOrder {
  const withRows = files.map((file) => ({ ...file, rows: file.parts.reduce((sum, part) => sum + part.rows, 0) }));
  return order !== undefined && ascendTogether(order, withRows);
}
