import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { engines } from '../lib/engines/index.ts';
import { formats } from '../lib/formats/index.ts';
import { notifiers } from '../lib/notifiers/index.ts';
import { sources } from '../lib/sources/index.ts';
import { stores } from '../lib/stores/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const textsIn = (files: string) => globSync(files, { cwd: root }).map((file) => readFileSync(root + file, 'utf8'));

/** How a test file calls the suite of a wing for a kind. */
const wings = [
  { wing: 'sources', kinds: sources, call: (name: string) => `sourceConforms('${name}'` },
  { wing: 'stores', kinds: stores, call: (name: string) => `storeConforms('${name}'` },
  { wing: 'notifiers', kinds: notifiers, call: (name: string) => `notifierConforms('${name}'` },
  { wing: 'formats', kinds: formats, call: (name: string) => `kind: ${constantOf(name)},` },
  // The golden diffs are theirs.
  { wing: 'engines', kinds: engines, call: (name: string) => `'${name}'` },
] as const;

/** `fixed-width` is `fixedWidth` in code. */
function constantOf(name: string): string {
  return name.replaceAll(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
}

test.each(wings)('every kind of $wing passes the suite of its wing', ({ wing, kinds, call }) => {
  const files = wing === 'engines' ? 'test/engines/golden.engines.test.ts' : `test/${wing}/**/*.test.ts`;
  const texts = textsIn(files);
  expect(kinds.map(({ name }) => name).filter((name) => !texts.some((text) => text.includes(call(name))))).toEqual([]);
});
