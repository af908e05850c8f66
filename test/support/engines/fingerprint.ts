import { createHash } from 'node:crypto';
import { emptyFingerprint, type Fingerprint } from '../../../lib/core/diff/fingerprint.ts';
import type { Row } from '../../../lib/core/diff/row.ts';
import type { Column } from '../../../lib/core/feed/spec.ts';
import { rowText } from '../../../lib/core/sql/dialects/row-text.ts';

/** The fingerprint said in the plainest way, over canonical values. */
export function fingerprintOfRows(columns: readonly Column[], rows: readonly Row[]): Fingerprint {
  let [hi, lo] = [BigInt(emptyFingerprint.hi), BigInt(emptyFingerprint.lo)];
  const types = columns.filter(({ compare }) => compare).map(({ type }) => type);
  for (const row of rows) {
    const compared = row.filter((_value, index) => columns[index]!.compare);
    const md5 = createHash('md5').update(rowText(types, compared)).digest();
    hi += md5.readBigUInt64BE(0);
    lo += md5.readBigUInt64BE(8);
  }
  return { rows: rows.length, hi: BigInt.asUintN(64, hi).toString(), lo: BigInt.asUintN(64, lo).toString() };
}
