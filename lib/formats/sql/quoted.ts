/** Behind the quote that closes; undefined when that is not among these bytes. A quote as the last byte may be the first of two. */
export function quotedEnd(bytes: Buffer, opening: number, escapes: boolean): number | undefined {
  const quote = bytes[opening]!;
  for (let at = opening + 1; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (escapes && byte === BACKSLASH) at++;
    else if (byte === quote) {
      if (at + 1 >= bytes.length) return undefined;
      if (bytes[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return undefined;
}

/** A text between two tags such as `$body$`: behind it; null when none begins here, undefined when more bytes may belong to it. */
export function dollarQuotedEnd(bytes: Buffer, at: number, isLast: boolean): number | null | undefined {
  const start = bytes.toString('latin1', at, at + MAX_TAG);
  const tag = /^\$(?:[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)?\$/.exec(start)?.[0];
  if (tag === undefined)
    return !isLast && /^\$[A-Za-z0-9_\x80-\xff]*$/.test(start) && start.length < MAX_TAG ? undefined : null;
  const closing = bytes.indexOf(Buffer.from(tag, 'latin1'), at + tag.length);
  return closing < 0 ? undefined : closing + tag.length;
}

/** Names have at most 63 bytes. */
const MAX_TAG = 70;

export function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

const BACKSLASH = 0x5c;
