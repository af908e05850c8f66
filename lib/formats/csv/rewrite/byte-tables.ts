import { byteOrderMark } from '../../../core/records/scan/text-check.ts';
import type { Dialect } from './dialect.ts';

/** What a byte of an unquoted field may be. */
export const PLAIN = 0;
export const DELIMITED = 1;
export const ENDED = 2;
const OTHER = 3;

/** What each byte may be in a dialect. Where single lines are read, it is the same for all of them. */
export interface ByteTables {
  /** Without ENDED: a file's record end has yet to be seen. */
  readonly classes: Uint8Array;
  /** 1 for bytes that are nothing but text. */
  readonly plain: Uint8Array;
  /** 1 for bytes that a quoted field can hold without being more than text, or being written in another way. */
  readonly plainInQuotes: Uint8Array;
  /** 1 for bytes with which something else than a record may begin, or a byte order mark. */
  readonly openings: Uint8Array;
}

export function byteTablesOf(dialect: Dialect): ByteTables {
  const classes = classesOf(dialect);
  const plain = classes.map((kind) => (kind === PLAIN ? 1 : 0));
  return { classes, plain, plainInQuotes: plainInQuotes(dialect), openings: openingsOf(dialect) };
}

/** A bit for each length of a field that may be null, or has to be quoted for being empty; lengths from 31 on share one. */
export function oddLengths({ nulls }: Dialect): number {
  return nulls.reduce((bits, { length }) => bits | (1 << Math.min(length, 31)), 1);
}

function classesOf({ delimiter, recordEnd, quote, escapeSign }: Dialect): Uint8Array {
  const classes = new Uint8Array(256);
  for (const byte of [COMMA, QUOTE, LF, CR, recordEnd?.[0] ?? LF]) classes[byte] = OTHER;
  for (const byte of [quote, escapeSign]) if (byte >= 0) classes[byte] = OTHER;
  classes[delimiter[0]!] = DELIMITED;
  return classes;
}

function plainInQuotes({ quote, escapeSign }: Dialect): Uint8Array {
  const plain = new Uint8Array(256).fill(1);
  for (const byte of [QUOTE, quote, escapeSign]) if (byte >= 0) plain[byte] = 0;
  return plain;
}

function openingsOf({ comment, endOfData, recordEnd }: Dialect): Uint8Array {
  const openings = new Uint8Array(256);
  for (const text of [comment, endOfData, recordEnd, byteOrderMark]) if (text) openings[text[0]!] = 1;
  if (recordEnd === undefined) openings[LF] = openings[CR] = 1;
  return openings;
}

const QUOTE = 34;
const COMMA = 44;
const LF = 10;
const CR = 13;
