import { expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
import { teamsNotifier } from '../../../lib/notifiers/teams/teams.ts';
import { hookServer } from '../../support/vendors/hook-server.ts';

const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
const message = runMessage({
  run,
  state: 'failed',
  changeSet: null,
  tables: { items: { notes: Array(3000).fill('a_note **of** [some](http://x) words') } },
  error: new NightfeedError('SOURCE_LOGIN', 'line one\n[a](http://x) *b*'),
});

/** The form that the page about workflows shows (read 2026-11-30). */
test('a message is an adaptive card in which nothing is a mark, within what Teams takes', async () => {
  const { url, taken, close } = await hookServer();
  await teamsNotifier(url).send(message);
  await close();
  expect(Buffer.byteLength(taken[0]!.body)).toBeLessThan(28_000);
  const sent = JSON.parse(taken[0]!.body);
  expect(sent).toMatchObject({
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard', version: '1.4' } },
    ],
  });
  const [title, error] = sent.attachments[0].content.body;
  expect(title).toMatchObject({
    text: '❌ nightfeed shop/2026-11-20: failed \\(SOURCE\\_LOGIN\\)',
    color: 'attention',
  });
  expect(error.text).toContain('line one\n\n\\[a\\]\\(http://x\\) \\*b\\*');
  expect(JSON.stringify(sent)).toContain(
    'More is in: nightfeed status shop/2026\\\\-11\\\\-20'.replaceAll('\\\\-', '-'),
  );
});
