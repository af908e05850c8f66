import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';

/** What stands there is no SQL of the dialect, or does not end. */
export function unreadable(message: string, bytes: Buffer, at: number): NightfeedError {
  return new NightfeedError('SQL_UNREADABLE', `${message}: ${shown(bytes, at)}`);
}

/** A statement changes rows in a way that nobody can follow without executing it. */
export function otherStatement(message: string, bytes: Buffer, at: number): NightfeedError {
  return new NightfeedError('SQL_STATEMENT', `${message}: ${shown(bytes, at)}`);
}

function shown(bytes: Buffer, at: number): string {
  return excerpt(bytes.toString('utf8', at, at + SHOWN_BYTES), SHOWN_BYTES);
}

const SHOWN_BYTES = 100;
