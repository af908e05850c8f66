import { createHash } from 'node:crypto';
import { NightfeedError } from '../errors.ts';

/** JSON text of a document whose first field is the SHA-256 of the rest. The document must have a field. */
export function sealed(document: object, indent?: number): string {
  const rest = JSON.stringify(document, null, indent).slice(1);
  return `{"checksum":"${sumOf(rest)}",${rest}`;
}

/** Reads a document and checks its checksum; documents of older versions have none. Throws OBJECT_DAMAGED, which names the object. */
export function unsealed(text: string, key: string): unknown {
  const rest = text.slice(START_LENGTH);
  if (text === `{"checksum":"${sumOf(rest)}",${rest}`) return parsed(`{${rest}`, key);
  const document = parsed(text, key);
  // A text with a damaged or wrong checksum must not pass for a document of an older version.
  const [first] = Object.values(document ?? {});
  if (typeof first === 'string' && first.length === SUM_LENGTH) throw damaged(key);
  return document;
}

/** The error for an object that does not hold what was written. */
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
