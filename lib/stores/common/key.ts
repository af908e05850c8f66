import { NightfeedError } from '../../core/errors.ts';

/** The folder of unfinished objects, at the root of the lake. No key may lead into it. */
export const TEMPORARY = '.tmp';

const SEGMENT = /^[A-Za-z0-9_.=-]+$/;

/** Keys are made of our own ids only, so a bad key is a bug of ours: UNFORESEEN. */
export function checkKey(key: string): string {
  const segments = key.split('/');
  if (!segments.every(isSafe) || segments[0] === TEMPORARY) throw invalid('object key', key);
  return key;
}

/** A prefix is the beginning of a key, not a folder: `a/2026` finds `a/2026-11-20/b`. */
export function checkPrefix(prefix: string): string {
  const segments = prefix.split('/');
  const begun = segments.pop()!;
  if (!segments.every(isSafe) || !(begun === '' || isSafe(begun)) || segments[0] === TEMPORARY) {
    throw invalid('prefix', prefix);
  }
  return prefix;
}

function isSafe(segment: string): boolean {
  return SEGMENT.test(segment) && segment !== '.' && segment !== '..';
}

function invalid(what: string, value: string): NightfeedError {
  return new NightfeedError(
    'UNFORESEEN',
    `${what} ${JSON.stringify(value)}: allowed are segments of A-Z a-z 0-9 _ . = - joined by "/", none of them "." or "..", the first not "${TEMPORARY}"`,
  );
}
