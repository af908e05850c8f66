import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referencePage } from '../../docs/feed-file.ts';

test('docs/feed-file.md is what the schema says; `npm run docs` writes it', () => {
  expect(readFileSync(new URL('../../docs/feed-file.md', import.meta.url), 'utf8')).toBe(referencePage());
});

test('every option says what is allowed and what it means', () => {
  const rows = [...referencePage().matchAll(/^\| `(\w+)` \| (.*) \| .* \| (.*) \|$/gm)];
  expect(rows.length).toBeGreaterThan(30);
  for (const [line, , allowed, meaning] of rows) expect([allowed, meaning], line).not.toContain('');
});
