import type { RunMessage } from '../../core/run/message.ts';
import { severityOf } from '../../core/run/message-severity.ts';
import { shownLines } from '../../core/shown-text.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { partsOf } from '../common/message-parts.ts';
import { post } from '../common/post.ts';
import { marks } from '../common/state-marks.ts';
import { withinBytes } from '../common/within-bytes.ts';

/** Teams refuses messages of more than 28 KB. The card's own words and JSON's escapes need some of it. */
const MOST_BYTES = 14_000;

const colours = { info: 'good', warning: 'warning', error: 'attention' } as const;

/**
 * Sends an adaptive card to a workflow.
 * https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams#webhook (read 2026-11-30)
 */
export function teamsNotifier(url: string): Notifier {
  return {
    async send(message) {
      const attachment = {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: cardOf(message),
      };
      await post({ of: 'Teams', url, body: JSON.stringify({ type: 'message', attachments: [attachment] }) });
    },
  };
}

function cardOf(message: RunMessage): unknown {
  const title = {
    type: 'TextBlock',
    text: plain(`${marks[message.state]} ${message.subject}`),
    weight: 'Bolder',
    size: 'Medium',
    color: colours[severityOf(message)],
    wrap: true,
  };
  const lines = withinBytes(message.run, partsOf(message), MOST_BYTES).map((part) => ({
    type: 'TextBlock',
    text: plain(part),
    fontType: 'Monospace',
    wrap: true,
  }));
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [title, ...lines],
  };
}

/** A TextBlock reads Markdown: what would be a mark, a link or a person is escaped, and a line end alone would be a blank. */
function plain(text: string): string {
  return shownLines(text)
    .replace(/[\\`*_[\]()#<>~|]/g, '\\$&')
    .replaceAll('\n', '\n\n');
}
