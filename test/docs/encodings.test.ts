import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { encodingsPage } from '../../docs/encodings.ts';

test('docs/encodings.md is what the list of encodings says; `npm run docs` writes it', () => {
  expect(readFileSync(new URL('../../docs/encodings.md', import.meta.url), 'utf8')).toBe(encodingsPage());
});
