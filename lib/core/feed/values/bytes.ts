import type { Value } from './bad-value.ts';

/** How a vendor writes the bytes of a bytea, where it is not as PostgreSQL does. */
export interface BytesOptions {
  readonly bytes?: 'hex' | 'base64' | undefined;
}

/** PostgreSQL's own way. Without the mark, `4869` could be digits as well as base64. */
const MARK = '\\x';

/** Bytes as PostgreSQL writes them: `\x` and small hexadecimal digits. The same as `core/sql/dialects/bytes-sql.ts`. */
export function parseBytes(raw: string, { bytes }: BytesOptions): Value {
  if (bytes === 'base64') return isBase64(raw) ? bytesOf(Buffer.from(raw, 'base64').toString('hex')) : notBytes;
  const isMarked = raw.startsWith(MARK) || (bytes === 'hex' && /^0[xX]/.test(raw));
  if (!isMarked && bytes !== 'hex') return notBytes;
  const digits = isMarked ? raw.slice(MARK.length) : raw;
  return /^[0-9a-fA-F]*$/.test(digits) && digits.length % 2 === 0 ? bytesOf(digits.toLowerCase()) : notBytes;
}

/** The pattern alone lets a wrong number of characters pass, and needs no memory of where it is. */
export const base64Pattern = '[A-Za-z0-9+/]*([AQgw]==|[AEIMQUYcgkosw048]=)?';

const wholeBase64 = new RegExp(`^${base64Pattern}$`);

/** Bits behind the last byte are zero, so that no two texts mean the same bytes. */
function isBase64(raw: string): boolean {
  return raw.length % 4 === 0 && wholeBase64.test(raw);
}

const bytesOf = (digits: string): Value => ({ text: `${MARK}${digits}` });

const notBytes: Value = { code: 'FORMAT' };
