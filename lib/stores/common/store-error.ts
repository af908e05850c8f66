import { type ErrorName, NightfeedError } from '../../core/errors.ts';

/** What the file system said, in the words of the store port. A NightfeedError passes as it is. */
export function storeError(error: unknown, action: 'read' | 'list' | 'write' | 'remove', key: string): NightfeedError {
  if (error instanceof NightfeedError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const message = `cannot ${action} ${key === '' ? 'the lake' : key}: ${error instanceof Error ? error.message : String(error)}`;
  return new NightfeedError(nameOf(code, action), message, { cause: error });
}

function nameOf(code: string, action: string): ErrorName {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'STORE_FULL';
  // A folder where the object should be, or an object where its folder should be: the object itself is absent.
  if (action === 'read' && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) return 'OBJECT_MISSING';
  return 'STORE_UNAVAILABLE';
}
