import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';

/**
 * Whether a name can be a delivered file: one path segment without control characters. Hidden files are not: servers and
 * copying tools keep half-written ones under a leading dot.
 */
export function isFileName(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !/[\u0000-\u001f\u007f/\\]/.test(name);
}

/** Throws SOURCE_DENIED: such a name would leave the folder, or the protocol. */
export function checkFileName(name: string): void {
  if (isFileName(name)) return;
  throw new NightfeedError('SOURCE_DENIED', `${excerpt(name)} is no file name; allowed is one visible path segment.`);
}
