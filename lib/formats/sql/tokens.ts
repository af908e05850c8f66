import { NightfeedError } from '../../core/errors.ts';
import type { Dialect } from './options.ts';
import { dollarQuotedEnd, isBlank, quotedEnd } from './quoted.ts';
import { unreadable } from './refusals.ts';

/** A piece of a statement. Words are in upper case; quoted names and strings have no quotes, and a string keeps its escapes. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'sign';
  readonly text: string;
  /** As it is written, for words that are names. */
  readonly written: string;
}

export interface Statement {
  readonly tokens: readonly Token[];
  /** Behind its semicolon, or behind VALUES. */
  readonly end: number;
}

/** Cuts a dump into statements. What is not whole yet is undefined, and asked for again with more bytes. Throws SQL_UNREADABLE. */
export class Tokens {
  readonly #isMysql: boolean;
  /** Within a comment whose text MySQL executes. */
  #isConditional = false;

  constructor(dialect: Dialect) {
    this.#isMysql = dialect === 'mysql';
  }

  /** Text that MySQL executes has not ended. */
  get isInComment(): boolean {
    return this.#isConditional;
  }

  /** Where a statement begins behind blanks and comments, which `seen` is told. */
  skip(bytes: Buffer, from: number, isLast: boolean, seen: (comment: string) => void): number | undefined {
    return this.#whole(() => this.#skip(bytes, from, isLast, seen));
  }

  /** The statement that begins here; of an INSERT, what stands before its rows. */
  statement(bytes: Buffer, from: number, isLast: boolean): Statement | undefined {
    return this.#whole(() => this.#statement(bytes, from, isLast));
  }

  /** What is not whole is read again from its start. */
  #whole<T>(read: () => T | undefined): T | undefined {
    const wasConditional = this.#isConditional;
    const found = read();
    if (found === undefined) this.#isConditional = wasConditional;
    return found;
  }

  #skip(bytes: Buffer, from: number, isLast: boolean, seen: (comment: string) => void = () => {}): number | undefined {
    for (let at = from; at < bytes.length; ) {
      const byte = bytes[at]!;
      if (isBlank(byte)) {
        at += 1;
        continue;
      }
      const isMark = byte === DASH || byte === SLASH || byte === HASH || byte === STAR;
      if (!isMark) return at;
      if (!isLast && at + LOOK_AHEAD > bytes.length) return undefined;
      const end = this.#commentEnd(bytes, at, isLast);
      if (end === null) return at;
      if (end === undefined) return undefined;
      seen(bytes.toString('utf8', at, Math.min(end, at + MAX_COMMENT)).trimEnd());
      at = end;
    }
    return isLast ? bytes.length : undefined;
  }

  #statement(bytes: Buffer, from: number, isLast: boolean): Statement | undefined {
    const tokens: Token[] = [];
    for (let at: number | undefined = from; ; ) {
      at = this.#skip(bytes, at, isLast);
      if (at === undefined || at >= bytes.length) return undefined;
      const end = this.#tokenEnd(bytes, at, isLast);
      if (end === undefined) return undefined;
      if (bytes[at] === SEMICOLON) return { tokens, end };
      const token = this.#token(bytes, at, end);
      tokens.push(token);
      if (tokens.length > MAX_TOKENS)
        throw new NightfeedError(
          'RECORD_TOO_LONG',
          `a statement has more than the allowed ${MAX_TOKENS} words and signs`,
        );
      if (token.kind === 'word' && token.text === 'VALUES' && /^(INSERT|REPLACE)$/.test(tokens[0]!.text))
        return { tokens, end };
      at = end;
    }
  }

  /** Behind a comment; null when none begins here. Only the opening and the closing of one that MySQL executes are comments. */
  #commentEnd(bytes: Buffer, at: number, isLast: boolean): number | null | undefined {
    const [byte, next] = [bytes[at]!, bytes[at + 1]];
    const isLine = this.#isMysql
      ? byte === HASH || (byte === DASH && next === DASH && isBlank(bytes[at + 2] ?? LF))
      : byte === DASH && next === DASH;
    if (isLine) {
      const end = bytes.indexOf(LF, at);
      return end >= 0 ? end + 1 : isLast ? bytes.length : undefined;
    }
    if (this.#isConditional && byte === STAR && next === SLASH) {
      this.#isConditional = false;
      return at + 2;
    }
    if (byte !== SLASH || next !== STAR) return null;
    const opening = this.#isMysql ? conditional.exec(bytes.toString('latin1', at, at + LOOK_AHEAD)) : null;
    if (opening) {
      if (this.#isConditional) throw unreadable('a comment that is executed stands within another one', bytes, at);
      this.#isConditional = true;
      return at + opening[0].length;
    }
    const end = this.#isMysql ? flatCommentEnd(bytes, at) : nestedCommentEnd(bytes, at);
    if (end === undefined && isLast) throw unreadable('a comment does not end', bytes, at);
    return end;
  }

  #tokenEnd(bytes: Buffer, at: number, isLast: boolean): number | undefined {
    const byte = bytes[at]!;
    if (byte === QUOTE || byte === DOUBLE || (this.#isMysql && byte === BACKTICK))
      return quotedEnd(bytes, at, this.#isMysql && byte !== BACKTICK);
    if (byte === DOLLAR && !this.#isMysql) {
      const end = dollarQuotedEnd(bytes, at, isLast);
      return end === null ? at + 1 : end;
    }
    if (!isWord(byte)) return at + 1;
    let end = at + 1;
    while (end < bytes.length && isWord(bytes[end]!)) end++;
    if (end === bytes.length && !isLast) return undefined;
    const isEscaped = !this.#isMysql && end === at + 1 && (byte | 0x20) === LETTER_E && bytes[end] === QUOTE;
    return isEscaped ? quotedEnd(bytes, end, true) : end;
  }

  #token(bytes: Buffer, at: number, end: number): Token {
    const byte = bytes[at]!;
    const written = bytes.toString('utf8', at, end);
    const isName = byte === BACKTICK || (byte === DOUBLE && !this.#isMysql);
    if (isName || byte === QUOTE || byte === DOUBLE) {
      const mark = written[0]!;
      const text = written.slice(1, -1).replaceAll(mark + mark, mark);
      return { kind: isName ? 'name' : 'string', text, written: text };
    }
    if (written.endsWith("'") || (byte === DOLLAR && written.length > 1)) return { kind: 'string', text: '', written };
    return { kind: isWord(byte) ? 'word' : 'sign', text: written.toUpperCase(), written };
  }
}

function flatCommentEnd(bytes: Buffer, at: number): number | undefined {
  const end = bytes.indexOf('*/', at + 2);
  return end < 0 ? undefined : end + 2;
}

function nestedCommentEnd(bytes: Buffer, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at + 1 < bytes.length; at++) {
    const isOpening = bytes[at] === SLASH && bytes[at + 1] === STAR;
    const isClosing = bytes[at] === STAR && bytes[at + 1] === SLASH;
    if (!isOpening && !isClosing) continue;
    depth += isOpening ? 1 : -1;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** Of a version, or of MariaDB; `999999\-` is no version, and keeps other clients from reading on. */
const conditional = /^\/\*M?!(?!999999\\-)\d*/;

function isWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ||
    byte === 0x5f ||
    byte === 0x40 ||
    byte >= 0x80
  );
}

/** More bytes than what tells one kind of comment from another. */
const LOOK_AHEAD = 16;
const MAX_COMMENT = 200;
/** Ten times what CREATE TABLE takes for the most columns that a table may have; each takes memory. */
const MAX_TOKENS = 100_000;
const LF = 10;
const DOUBLE = 0x22;
const HASH = 0x23;
const DOLLAR = 0x24;
const QUOTE = 0x27;
const STAR = 0x2a;
const DASH = 0x2d;
const SLASH = 0x2f;
const SEMICOLON = 0x3b;
const BACKTICK = 0x60;
const LETTER_E = 0x65;
