/** Answers of scanners that are not offsets: the bytes ran out, or they are not JSON. */
export const MORE = -1;
export const FAULT = -2;

/** The first byte that is no blank; `limit` when there is none. */
export function skipBlanks(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit && isBlank(bytes[at]!)) at += 1;
  return at;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Finds where tokens end, as RFC 8259 has them and JSON.parse takes them. It looks at each byte once, and reads no value. */
export class TokenScan {
  /** The string found last holds an escape. */
  hasEscape = false;
  /** After FAULT: the byte that cannot stand where it stands. */
  faultAt = 0;

  /** Index of the quote that closes the string whose first byte is at `from`. */
  stringEnd(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    this.hasEscape = false;
    for (;;) {
      while (at < limit && classes[bytes[at]!] === PLAIN) at += 1;
      if (at >= limit) return MORE;
      const kind = classes[bytes[at]!]!;
      if (kind === QUOTE_MARK) return at;
      if (kind === ESCAPE) {
        this.hasEscape = true;
        const end = this.#escapeEnd(bytes, at + 1, limit);
        if (end < 0) return end;
        at = end;
      } else return this.#fault(at);
    }
  }

  /** Index behind the number that starts at `from`. A number that the bytes end with may go on. */
  numberEnd(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    if (bytes[at] === MINUS) at += 1;
    if (at >= limit) return MORE;
    if (bytes[at] === ZERO) at += 1;
    else {
      const end = digitsEnd(bytes, at, limit);
      if (end === at) return this.#fault(at);
      at = end;
    }
    if (at < limit && bytes[at] === POINT) {
      const end = digitsEnd(bytes, at + 1, limit);
      if (end === at + 1) return end >= limit ? MORE : this.#fault(end);
      at = end;
    }
    if (at < limit && (bytes[at]! | CASE) === LOWER_E) {
      at += 1;
      if (at < limit && (bytes[at] === PLUS || bytes[at] === MINUS)) at += 1;
      const end = digitsEnd(bytes, at, limit);
      if (end === at) return end >= limit ? MORE : this.#fault(end);
      at = end;
    }
    return at >= limit ? MORE : at;
  }

  /** Index behind true, false or null at `from`. */
  literalEnd(bytes: Uint8Array, from: number, limit: number): number {
    const literal = bytes[from] === 0x74 ? TRUE : bytes[from] === 0x66 ? FALSE : NULL;
    for (let index = 0; index < literal.length; index++) {
      if (from + index >= limit) return MORE;
      if (bytes[from + index] !== literal[index]) return this.#fault(from + index);
    }
    return from + literal.length;
  }

  /** Index behind the escape whose backslash stands before `from`. */
  #escapeEnd(bytes: Uint8Array, from: number, limit: number): number {
    if (from >= limit) return MORE;
    if (bytes[from] !== LOWER_U) return isEscaped[bytes[from]!] ? from + 1 : this.#fault(from);
    for (let at = from + 1; at <= from + 4; at++) {
      if (at >= limit) return MORE;
      if (hexValue(bytes[at]!) < 0) return this.#fault(at);
    }
    return from + 5;
  }

  #fault(at: number): number {
    this.faultAt = at;
    return FAULT;
  }
}

/** The value of a hexadecimal digit; -1 for another byte. */
export function hexValue(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  const letter = byte | CASE;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function digitsEnd(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit && bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1;
  return at;
}

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const LOWER_N = 0x6e;
const LOWER_U = 0x75;
const LOWER_E = 0x65;
const CASE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

const PLAIN = 0;
const QUOTE_MARK = 1;
const ESCAPE = 2;
const CONTROL = 3;

const classes = new Uint8Array(256);
classes.fill(CONTROL, 0, 0x20);
classes[QUOTE] = QUOTE_MARK;
classes[BACKSLASH] = ESCAPE;

const isEscaped = new Uint8Array(256);
for (const byte of Buffer.from('"\\/bfnrt')) isEscaped[byte] = 1;
