import { afterEach, expect, test, vi } from 'vitest';
import { terminalLines } from '../../bin/cli/output/terminal-lines.ts';

const lines = '\u001b[31mred\u001b[39m\n\u001b[2J\u001b]0;title\u0007\u001b[8mhidden\u009b\u202e';
const rest = '\n\\u{1b}[2J\\u{1b}]0;title\\u{7}\\u{1b}[8mhidden\\u{9b}\\u{202e}';

afterEach(() => void vi.unstubAllEnvs());

test('a terminal gets our colours and obeys nothing else', () => {
  vi.stubEnv('NO_COLOR', undefined).stubEnv('FORCE_COLOR', '1');
  expect(terminalLines(lines, process.stdout)).toBe(`\u001b[31mred\u001b[39m${rest}`);
});

test('without colours there are no colours to let through', () => {
  vi.stubEnv('FORCE_COLOR', undefined).stubEnv('NO_COLOR', '1');
  expect(terminalLines(lines, process.stdout)).toBe(`\\u{1b}[31mred\\u{1b}[39m${rest}`);
});
