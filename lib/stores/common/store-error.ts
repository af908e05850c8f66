import { type ErrorName, NightfeedError } from '../../core/errors.ts';

/** An error of the file system as one that the store port names. A NightfeedError stays as it is. */
export function storeError(error: unknown, action: 'read' | 'list' | 'write' | 'remove', key: string): NightfeedError {
  if (error instanceof NightfeedError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const message = `cannot ${action} ${key === '' ? 'the lake' : key}: ${error instanceof Error ? error.message : String(error)}`;
  return new NightfeedError(nameOf(code, action), message, { cause: error });
}

function nameOf(code: string, action: string): ErrorName {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'STORE_FULL';
  // ENOTDIR: a file lies where the object's folder should be. EISDIR: a folder lies where the object should be. Either way it is missing.
  if (action === 'read' && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) return 'OBJECT_MISSING';
  return 'STORE_UNAVAILABLE';
}
