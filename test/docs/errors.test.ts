import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorsPage } from '../../docs/errors.ts';
import { errorKinds } from '../../lib/core/error-kinds.ts';

test('docs/errors.md is what the table of errors says; `npm run docs` writes it', () => {
  expect(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')).toBe(errorsPage());
});

test('every error says in sentences what it means and what to do', () => {
  for (const [name, { meaning, hint }] of Object.entries(errorKinds)) {
    expect(meaning, name).toMatch(/^.{10,}[.”]$/s);
    expect(hint, name).toMatch(/^.{10,}\.$/s);
  }
});
