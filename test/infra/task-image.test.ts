import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { taskImage } from '../../lib/infra/code.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the image of the tasks has every file that a task imports', () => {
  const isInImage = (file: string) => taskImage.files.some((kept) => file === kept || file.startsWith(`${kept}/`));
  const imported = closureOf('bin/task.ts');
  expect(imported.length).toBeGreaterThan(100);
  expect(imported.filter((file) => !isInImage(file))).toEqual([]);
});

/** All files of ours that a file imports, directly or not, types left out; paths from the root. */
function closureOf(start: string): string[] {
  const found = new Set([start]);
  for (const file of found) {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/^(import|export) type [^;]*;/gm, '');
    for (const [, path] of text.matchAll(/(?:from|import\() ?'(\.{1,2}\/[^']+\.ts)'/g))
      found.add(join(dirname(file), path!));
  }
  return [...found];
}
