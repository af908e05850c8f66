import { cp, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const example = fileURLToPath(new URL('../../../examples/own-files', import.meta.url));
const SETTLED = new Date('2026-11-01T00:00:00Z');

/** The example for own files, as it lies there when nobody has written to it for a while. */
export async function copyOwnFiles(folder: string): Promise<void> {
  await cp(example, folder, { recursive: true });
  for (const name of await readdir(folder, { recursive: true })) await utimes(join(folder, name), SETTLED, SETTLED);
}
