import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rejectCodesPage } from '../../docs/reject-codes.ts';

test('docs/reject-codes.md is what the table of reject codes says; `npm run docs` writes it', () => {
  expect(readFileSync(new URL('../../docs/reject-codes.md', import.meta.url), 'utf8')).toBe(rejectCodesPage());
});
