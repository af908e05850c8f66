import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';

/**
 * Whether a name can be that of a delivered file: one path segment without control characters. Names with a leading dot are
 * refused, because servers and copying tools use them for half-written files.
 */
export function isFileName(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !/[\u0000-\u001f\u007f/\\]/.test(name);
}

/** Throws SOURCE_DENIED for a name that would lead out of the folder, or be read as a command of the protocol. */
export function checkFileName(name: string): void {
  if (isFileName(name)) return;
  throw new NightfeedError(
    'SOURCE_DENIED',
    `${excerpt(name)} is not a file name; allowed is one visible path segment.`,
  );
}
