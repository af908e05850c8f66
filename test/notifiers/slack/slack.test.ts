import { expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
import { slackNotifier } from '../../../lib/notifiers/slack/slack.ts';
import { hookServer } from '../../support/vendors/hook-server.ts';

async function textOf(message: Parameters<ReturnType<typeof slackNotifier>['send']>[0]): Promise<string> {
  const { url, taken, close } = await hookServer();
  await slackNotifier(url).send(message);
  await close();
  return (JSON.parse(taken[0]!.body) as { text: string }).text;
}

const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
const refusal = (text: string) =>
  runMessage({ run, state: 'refused', changeSet: null, tables: {}, error: new NightfeedError('BAD_MAGIC', text) });

test('a message is a bold line, and blocks in which nothing is a mark', async () => {
  expect(
    await textOf(refusal('`*a*` <!channel> & <http://x|y>')),
  ).toBe(`⛔ *nightfeed shop/2026-11-20: refused (BAD_MAGIC)*
\`\`\`
BAD_MAGIC: '*a*' &lt;!channel&gt; &amp; &lt;http://x|y&gt;
${new NightfeedError('BAD_MAGIC', '').hint}
\`\`\`
\`\`\`
run shop/2026-11-20
\`\`\``);
});

test('a message that is longer than Slack takes says where the rest is', async () => {
  const text = await textOf({
    ...refusal('x'),
    tables: { items: { notes: Array(2000).fill('a note of some words') } },
  });
  expect(text.length).toBeLessThan(40_000);
  expect(text).toContain('BAD_MAGIC: x');
  expect(text).toContain('More is in: nightfeed status shop/2026-11-20');
});
