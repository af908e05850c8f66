import type { Notifier } from '../../ports/notifier.ts';
import { chatText, codeBlock } from '../common/chat-text.ts';
import { partsOf } from '../common/message-parts.ts';
import { post } from '../common/post.ts';
import { marks } from '../common/state-marks.ts';
import { withinBytes } from '../common/within-bytes.ts';

/** Slack cuts a text after 40,000 characters, and would cut it within a block. */
const MOST_BYTES = 30_000;

/** Sends to an incoming webhook. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (read 2026-11-30) */
export function slackNotifier(url: string): Notifier {
  return {
    async send(message) {
      const subject = `${marks[message.state]} *${chatText(message.subject)}*`;
      const parts = withinBytes(message.run, partsOf(message), MOST_BYTES);
      const text = [subject, ...parts.map((part) => codeBlock([part]))].join('\n');
      await post({ of: 'Slack', url, body: JSON.stringify({ text, unfurl_links: false }) });
    },
  };
}
