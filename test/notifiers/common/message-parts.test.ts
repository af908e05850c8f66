import { expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
import { textOf } from '../../../lib/notifiers/common/message-parts.ts';

const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
const hold = { table: 'items', guard: 'MASS_DELETE', value: 0.5, limit: 0.1, unit: 'share' } as const;

test.each([
  ['published', { tables: { items: { inserted: 2 } } }, 'Production holds this delivery.'],
  ['unchanged', {}, 'Production holds these rows already; nothing was written.'],
  ['held', { holds: [hold] }, 'Production is untouched and waits for a decision.'],
  ['rejected', {}, 'Production is untouched.'],
  ['superseded', {}, 'Production is untouched.'],
  ['refused', { error: new NightfeedError('EMPTY_FILE', 'it is empty') }, 'Production is untouched.'],
] as const)('a run that is %s says whether production is safe, once', (state, more, expected) => {
  const text = textOf(runMessage({ run, state, changeSet: null, tables: {}, ...more }));
  expect(text).toContain(expected);
  expect(text.match(/Production/g)).toHaveLength(1);
});

const times = { began: '2026-11-20T02:00:00.000Z', ended: '2026-11-20T02:31:07.400Z' };
test.each([
  [times, 'It took 31 min 7 s.'],
  [{ ...times, deadline: '2026-11-20T05:00:00.000Z' }, 'It took 31 min 7 s, and ended 2 h 28 min before the deadline.'],
  [{ ...times, deadline: '2026-11-20T02:30:59.000Z' }, 'It took 31 min 7 s, and ended 8 s after the deadline.'],
])('of %j it says: %s', (of, expected) => {
  const message = runMessage({ run, state: 'published', changeSet: null, tables: {} });
  expect(textOf({ ...message, times: of }).split('\n')).toContain(expected);
});

test('on a machine of one’s own the way out needs no stack', () => {
  const text = textOf(runMessage({ run, state: 'held', changeSet: 'abc', tables: {}, holds: [hold] }));
  expect(text).toContain('Let it in: nightfeed approve shop/2026-11-20 --by YOU --reason WHY');
});

test('a link is the last line', () => {
  const text = textOf({ ...runMessage({ run, state: 'late', changeSet: null, tables: {} }), link: 'https://x/1' });
  expect(text.endsWith('run shop/2026-11-20\nmore: https://x/1')).toBe(true);
});

test('numbers of a table stand beside the usual ones', () => {
  const tables = { items: { rows: 1_203_411, inserted: 1203 }, other: { inserted: 1 } };
  const usual = { items: { rows: [1_198_020, 1_204_100], inserted: [900, 1410], gone: [0, 0] } } as const;
  const text = textOf({ ...runMessage({ run, state: 'published', changeSet: null, tables }), usual });
  expect(text).toContain(`
items: 1,203,411 rows, 1,203 inserted, 0 updated, 0 returned, 0 gone, 0 rejected
  usual: 1,198,020 to 1,204,100 rows, 900 to 1,410 inserted, 0 gone
other: 1 inserted, 0 updated`);
});
