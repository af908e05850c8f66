import { otherFormat } from '../../../core/archives/magic.ts';
import { NightfeedError } from '../../../core/errors.ts';

/** Refuses what is no whole Parquet file by its first and last bytes, with the word that helps. */
export function refuseOtherKinds(start: Buffer, end: Buffer, size: number): void {
  if (size === 0) throw new NightfeedError('EMPTY_FILE', 'the file has 0 bytes');
  const first = start.toString('latin1', 0, 4);
  const last = end.toString('latin1', end.length - 4);
  if (first === ENCRYPTED && last === ENCRYPTED)
    throw new NightfeedError('PARQUET_ENCRYPTED', 'the footer of the Parquet file is encrypted');
  if (first !== WHOLE) throw new NightfeedError('BAD_MAGIC', otherKind(start));
  if (size < SMALLEST || last !== WHOLE) {
    const message = `the file begins as Parquet and does not end as Parquet, after ${size} bytes: it was cut, or something follows it`;
    throw new NightfeedError('PARQUET_TRUNCATED', message);
  }
}

const WHOLE = 'PAR1';
const ENCRYPTED = 'PARE';

/** Both marks and the length of a footer. */
const SMALLEST = 12;

function otherKind(start: Buffer): string {
  const known = otherFormat(start);
  if (known) return `the file starts like ${known}; the feed says parquet`;
  const isText = !start.some((byte) => byte < 9 || (byte > 13 && byte < 32));
  if (isText) return 'this is text; the feed says parquet';
  return 'the file does not start with PAR1; the feed says parquet';
}
