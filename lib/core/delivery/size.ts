import type { SourceFile } from './source-file.ts';

/** Of all files; an archive from which several tables are taken counts once. */
export function bytesOf(files: readonly Pick<SourceFile, 'name' | 'size'>[]): number {
  const sizes = new Map(files.map(({ name, size }) => [name, size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
