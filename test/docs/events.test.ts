import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventsPage } from '../../docs/events.ts';

test('docs/events.md is what the schema of events says; `npm run docs` writes it', () => {
  expect(readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')).toBe(eventsPage());
});
