import { expect, test } from 'vitest';
import { linkFault } from '../../../lib/core/run/link-pattern.ts';
import { messageLink } from '../../../lib/core/run/message-link.ts';

test('a link has the names of its message, each as one segment', () => {
  const pattern = 'https://wiki.example.com/{feed}/{date}?run={run}';
  expect(linkFault(pattern)).toBeUndefined();
  expect(messageLink(pattern, 'shop/2026-11-20-r2')).toBe(
    'https://wiki.example.com/shop/2026-11-20?run=shop%2F2026-11-20-r2',
  );
});

test.each([
  ['wiki.example.com/{run}', 'expected an address'],
  ['javascript:alert(1)', 'expected an address'],
  ['https://x/ a', 'expected an address'],
  ['https://x/"><b>', 'expected an address'],
  ['https://x/{state}', '{state} is none of {feed}, {run}, {date}'],
  ['https://x/{run', 'expected an address'],
])('%s is none: %s', (pattern, fault) => {
  const found = linkFault(pattern);
  expect(found ?? 'none').toContain(fault);
});
