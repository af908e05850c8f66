import { expect, test } from 'vitest';
import { stackOf } from '../../lib/core/error-text.ts';
import { asNightfeedError, NightfeedError } from '../../lib/core/errors.ts';

const hostile = '\u001b[31m\u009b\u202e\u2028\u0000';

test('a message and a hint hold nothing hidden, and no more than every place takes', () => {
  const { message, hint } = new NightfeedError('SOURCE_DENIED', `a\nb ${hostile}${'x'.repeat(15_000_000)}`, {
    hint: hostile,
  });

  expect(message).toMatch(/^a\nb \\u\{1b\}\[31m\\u\{9b\}\\u\{202e\}\\u\{2028\}\\u\{0\}x+…$/);
  expect(Buffer.byteLength(message)).toBe(2048);
  expect(hint).toBe('\\u{1b}[31m\\u{9b}\\u{202e}\\u{2028}\\u{0}');
});

test('what stops only who typed the command is told whole', () => {
  const sql = 'ALTER TABLE "ü";\n'.repeat(5000);
  expect(new NightfeedError('MIGRATION_NEEDED', sql).message).toBe(sql);
});

test('what nobody foresaw is told like the rest, its stack too', () => {
  const error = asNightfeedError(new Error(hostile + 'x'.repeat(15_000_000)));

  expect(error.name).toBe('UNFORESEEN');
  expect(Buffer.byteLength(error.message)).toBe(2048);
  expect(Buffer.byteLength(stackOf(error)!)).toBeLessThanOrEqual(8192);
  expect(stackOf(error)).not.toContain('\u001b');
  expect(stackOf(new NightfeedError('BUSY', 'x', { cause: new Error('y') }))).toBeUndefined();
});
