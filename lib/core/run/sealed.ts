import { createHash } from 'node:crypto';
import { NightfeedError } from '../errors.ts';

/** A document of the lake as JSON text whose first field is the SHA-256 of all that follows it. The document has a field at least. */
export function sealed(document: object, indent?: number): string {
  const rest = JSON.stringify(document, null, indent).slice(1);
  return `{"checksum":"${sumOf(rest)}",${rest}`;
}

/** The document, without its checksum; one of an older version has none. Throws OBJECT_DAMAGED, which names the object. */
export function unsealed<T>(text: string, key: string): T {
  const rest = text.slice(START_LENGTH);
  if (text === `{"checksum":"${sumOf(rest)}",${rest}`) return parsed(`{${rest}`, key) as T;
  const document = parsed(text, key);
  // What begins with a checksum that is no longer true, or is hardly legible, is not of an older version.
  const [first] = Object.values(document ?? {});
  if (typeof first === 'string' && first.length === SUM_LENGTH) throw damaged(key);
  return document as T;
}

/** An object that is there, and does not hold what was written. */
export function damaged(key: string, cause?: unknown): NightfeedError {
  return new NightfeedError('OBJECT_DAMAGED', `${key} is not what was written there`, { cause });
}

const SUM_LENGTH = 64;
const START_LENGTH = `{"checksum":"${'0'.repeat(SUM_LENGTH)}",`.length;

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parsed(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(key, error);
  }
}
