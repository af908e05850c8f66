import { BACKSLASH, hexValue } from './tokens.ts';

interface Decoded {
  readonly length: number;
  /** Half of a pair; U+FFFD was written for it. */
  readonly hasLoneSurrogate: boolean;
}

/** Writes the text of a JSON string, whose escapes are known to be well-formed, as UTF-8. It never gets longer. */
export function decodeString(bytes: Uint8Array, from: number, to: number, out: Uint8Array): Decoded {
  let written = 0;
  let hasLoneSurrogate = false;
  for (let at = from; at < to; ) {
    const byte = bytes[at]!;
    if (byte !== BACKSLASH) {
      out[written++] = byte;
      at += 1;
      continue;
    }
    const escaped = bytes[at + 1]!;
    if (escaped !== LOWER_U) {
      out[written++] = meant[escaped]!;
      at += 2;
      continue;
    }
    let code = unitAt(bytes, at + 2);
    at += 6;
    if (code >= HIGH && code < LOW && at + 5 < to && bytes[at] === BACKSLASH && bytes[at + 1] === LOWER_U) {
      const low = unitAt(bytes, at + 2);
      if (low >= LOW && low <= LAST) {
        code = 0x10000 + ((code - HIGH) << 10) + (low - LOW);
        at += 6;
      }
    }
    if (code >= HIGH && code <= LAST) {
      hasLoneSurrogate = true;
      code = 0xfffd;
    }
    written = writeCharacter(out, written, code);
  }
  return { length: written, hasLoneSurrogate };
}

function unitAt(bytes: Uint8Array, at: number): number {
  let code = 0;
  for (let index = at; index < at + 4; index++) code = (code << 4) | hexValue(bytes[index]!);
  return code;
}

function writeCharacter(out: Uint8Array, from: number, code: number): number {
  let at = from;
  if (code < 0x80) out[at++] = code;
  else if (code < 0x800) {
    out[at++] = 0xc0 | (code >> 6);
    out[at++] = 0x80 | (code & 0x3f);
  } else if (code < 0x10000) {
    out[at++] = 0xe0 | (code >> 12);
    out[at++] = 0x80 | ((code >> 6) & 0x3f);
    out[at++] = 0x80 | (code & 0x3f);
  } else {
    out[at++] = 0xf0 | (code >> 18);
    out[at++] = 0x80 | ((code >> 12) & 0x3f);
    out[at++] = 0x80 | ((code >> 6) & 0x3f);
    out[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

const LOWER_U = 0x75;
/** Halves of pairs: the first from here, the second from LOW to LAST. */
const HIGH = 0xd800;
const LOW = 0xdc00;
const LAST = 0xdfff;

/** What the character behind a backslash means. */
const meant = new Uint8Array(256);
for (const [escaped, text] of Object.entries({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }))
  meant[escaped.charCodeAt(0)] = text.charCodeAt(0);
for (const itself of Buffer.from('"\\/')) meant[itself] = itself;
