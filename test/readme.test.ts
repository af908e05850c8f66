import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorKinds } from '../lib/core/errors.ts';

test('README.md has a heading for each error name, and none for another', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const headings = [...readme.matchAll(/^### ([A-Z_]+)$/gm)].map((match) => match[1]);
  expect(headings).toEqual(Object.keys(errorKinds));
});
