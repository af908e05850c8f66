import { hostname } from 'node:os';
import type { RunMessage } from '../../core/run/message.ts';
import { severityOf } from '../../core/run/message-severity.ts';
import { isFinished } from '../../core/run/state.ts';
import { shownJson } from '../../core/shown-text.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { partsOf } from '../common/message-parts.ts';
import { post } from '../common/post.ts';
import { withinBytes } from '../common/within-bytes.ts';

interface Service {
  readonly key: string;
  readonly url: string;
}

export const eventsAddress = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;

/** An event may have 512 KB, its summary 1024 characters. */
const MOST_BYTES = 100_000;
const SUMMARY_CHARACTERS = 1024;

/**
 * Sends events of version 2: an incident a feed, because its next run settles what the one before could not.
 * https://developer.pagerduty.com/docs/send-alert-event (read 2026-11-30)
 */
export function pagerDutyNotifier({ key, url }: Service): Notifier {
  return {
    async send(message) {
      const feed = message.run.split('/')[0]!;
      const event = { routing_key: key, dedup_key: `nightfeed/${feed}`, ...actionOf(message, feed) };
      await post({ of: 'PagerDuty', url, body: shownJson(event) });
    },
  };
}

function actionOf(message: RunMessage, feed: string): object {
  const severity = severityOf(message);
  // What went well resolves, also when it was unusual.
  if (isFinished(message.state)) return { event_action: 'resolve' };
  return {
    event_action: 'trigger',
    client: 'nightfeed',
    payload: {
      summary: message.subject.slice(0, SUMMARY_CHARACTERS),
      source: hostname(),
      severity,
      component: feed,
      class: message.error?.name ?? message.holds[0]?.guard ?? message.state,
      custom_details: { message: withinBytes(message.run, partsOf(message), MOST_BYTES).join('\n\n') },
    },
  };
}
