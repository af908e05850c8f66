import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guardsPage } from '../../docs/guards.ts';

test('the table in docs/guards.md is what the code says; `npm run docs` writes it', () => {
  const page = readFileSync(new URL('../../docs/guards.md', import.meta.url), 'utf8');
  expect(page).toBe(guardsPage());
  expect(page).toContain('\n| `gone` | `MASS_DELETE` | rows that vanish | holds above 5 % |\n');
});
