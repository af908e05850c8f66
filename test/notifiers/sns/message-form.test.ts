import { expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
import { chatOf, subjectOf, textOf } from '../../../lib/notifiers/sns/message-form.ts';

const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
const numbers = {
  rows: 9,
  inserted: 12_000,
  updated: 5,
  returned: 0,
  gone: 3,
  unchanged: 1,
  rejected: 0,
  suspended: 0,
};
const hold = { table: 'products', guard: 'MASS_DELETE', value: 0.41, limit: 0.05, unit: 'share' } as const;
const held = runMessage({ run, state: 'held', changeSet: 'abc', tables: { products: numbers }, holds: [hold] });
const refused = runMessage({
  run,
  state: 'refused',
  changeSet: null,
  tables: {},
  error: new NightfeedError('EMPTY_FILE', '"stock.csv": the file has 0 bytes'),
});

test('a hold as e-mail says what happened and what to do', () => {
  expect(textOf(held, 'prod')).toBe(`nightfeed shop/2026-11-20: held

MASS_DELETE products: 41.0 % of the rows are gone; at most 5.0 % is allowed

products: 9 rows, 12,000 inserted, 5 updated, 0 returned, 3 gone, 0 rejected

Production is untouched and waits for a decision.

Look at the rows: nightfeed --stack prod-shop status shop/2026-11-20
Let it in: nightfeed --stack prod-shop approve shop/2026-11-20 --reason WHY
Keep it out: nightfeed --stack prod-shop reject shop/2026-11-20 --reason WHY

run shop/2026-11-20`);
});

test('a hold by what was learned, with rows, two people, a warning, and what stayed', () => {
  const usual = { nights: 28, median: 0.004, spread: 0.002, lowest: -0.006, highest: 0.014 };
  const message = runMessage({
    run,
    state: 'held',
    changeSet: 'abc',
    tables: {
      products: {
        ...numbers,
        retained: 2,
        files: { picked: ['p_2.csv'], left_out: ['p_1.csv', '=p\u202e.csv'] },
        notes: ['blank lines'],
      },
    },
    holds: [
      { ...hold, people: 2 },
      { ...hold, guard: 'MASS_UPDATE', limit: 0.014, basis: 'learned', usual },
    ],
    warnings: [{ table: null, guard: 'DELIVERED_LATE', value: 95, limit: 30, unit: 'minutes', basis: 'fixed' }],
    samples: [{ table: 'products', guard: 'MASS_DELETE', rows: ['id 1 | name: `a`'] }],
  });
  expect(textOf(message, 'prod')).toBe(`nightfeed shop/2026-11-20: held

MASS_DELETE products: 41.0 % of the rows are gone; at most 5.0 % is allowed; 2 people have to approve it
MASS_UPDATE products: 41.0 % of the rows changed; at most 1.4 % is usual (the last 28 nights: median 0.4 %, spread 0.2 %)

Unusual:
DELIVERED_LATE delivery: the delivery was written 95 min after the night began; at most 30 min is allowed

MASS_DELETE products, some rows:
id 1 | name: \`a\`

products: 9 rows, 12,000 inserted, 5 updated, 0 returned, 3 gone, 0 rejected, 2 retained; from p_2.csv; left out: p_1.csv, '=p\\u{202e}.csv
  note: blank lines

Production is untouched and waits for a decision.

Look at the rows: nightfeed --stack prod-shop status shop/2026-11-20
Let it in: nightfeed --stack prod-shop approve shop/2026-11-20 --reason WHY
Let in what MASS_DELETE holds: nightfeed --stack prod-shop approve shop/2026-11-20 --guard MASS_DELETE --reason WHY
Let in what MASS_UPDATE holds: nightfeed --stack prod-shop approve shop/2026-11-20 --guard MASS_UPDATE --reason WHY
Keep it out: nightfeed --stack prod-shop reject shop/2026-11-20 --reason WHY

run shop/2026-11-20`);
  expect((chatOf(message, 'prod') as { content: { description: string } }).content.description).toContain(
    "```\nMASS_DELETE products, some rows:\nid 1 | name: 'a'\n```",
  );
});

test('a failure as e-mail has its words and the next step', () => {
  expect(textOf(refused, 'prod')).toBe(`nightfeed shop/2026-11-20: refused (EMPTY_FILE)

EMPTY_FILE: "stock.csv": the file has 0 bytes
Production is untouched. Ask the vendor for a whole file, then run the same command again.

run shop/2026-11-20`);
});

test('chat clients get their custom notification, a thread a run', () => {
  expect(chatOf(held, 'prod')).toEqual({
    version: '1.0',
    source: 'custom',
    id: 'shop/2026-11-20:held:abc',
    content: {
      textType: 'client-markdown',
      title: ':raised_hand: nightfeed shop/2026-11-20: held',
      description: `\`\`\`
MASS_DELETE products: 41.0 % of the rows are gone; at most 5.0 % is allowed
\`\`\`
\`\`\`
products: 9 rows, 12,000 inserted, 5 updated, 0 returned, 3 gone, 0 rejected
\`\`\``,
      nextSteps: ['status', 'approve', 'reject'].map((command) => expect.stringContaining(` ${command} shop/`)),
      keywords: ['nightfeed', 'held'],
    },
    metadata: { threadId: 'shop/2026-11-20', summary: 'nightfeed shop/2026-11-20: held', eventType: 'held' },
  });
});

test('a chat takes nothing that a message quotes for a mark, a call or a link, and a mail is plain lines', () => {
  const error = new NightfeedError('SOURCE_DENIED', 'a\nb `*c*` <!channel> <http://x|y> [y](http://x) & \u202e', {
    hint: 'Run `d`.',
  });
  const message = runMessage({ run, state: 'failed', changeSet: null, tables: {}, error });

  expect((chatOf(message, 'prod') as { content: { description: string } }).content.description).toBe(
    `*SOURCE_DENIED*\n\`\`\`
a
b '*c*' &lt;!channel&gt; &lt;http://x|y&gt; [y] (http://x) &amp; \\u{202e}
Run 'd'.
\`\`\``,
  );
  // As an older version kept it.
  const old = { ...message, error: { ...message.error!, message: '\u001b[2J' } };
  expect(textOf(old, 'prod')).toContain('SOURCE_DENIED: \\u{1b}[2J\nRun `d`.\n\nrun shop');
});

test.each([
  ['nightfeed shop/2026-11-20: held', 'nightfeed shop/2026-11-20: held'],
  ['naïve\nsubject\u0000', 'na?ve?subject?'],
  ['x'.repeat(101), `${'x'.repeat(97)}...`],
])('SNS takes the subject of %j', (subject, taken) => {
  expect(subjectOf({ ...held, subject })).toBe(taken);
});
