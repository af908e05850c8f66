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
 * Sends events of version 2: an incident a date of a feed, because each date ends by itself: published, or overtaken by a newer one.
 * https://developer.pagerduty.com/docs/send-alert-event (read 2026-11-30)
 */
export function pagerDutyNotifier({ key, url }: Service): Notifier {
  const send = (event: object) =>
    post({ of: 'PagerDuty', url, secrets: [key], body: shownJson({ routing_key: key, ...event }) });
  return {
    async send(message) {
      const dedup_key = `nightfeed/${message.isTest ? message.id : message.run.replace(/-r\d+$/, '')}`;
      const isOver = isFinished(message.state);
      const event = eventOf(message);
      if (!isOver || message.isTest) await send({ dedup_key, event_action: 'trigger', ...event });
      if (isOver) await send({ dedup_key, event_action: 'resolve', ...event });
    },
  };
}

function eventOf(message: RunMessage): object {
  return {
    client: 'nightfeed',
    ...(message.link === undefined ? {} : { client_url: message.link }),
    payload: {
      summary: message.subject.slice(0, SUMMARY_CHARACTERS),
      source: hostname(),
      severity: severityOf(message),
      component: message.run.split('/')[0],
      class: message.error?.name ?? message.holds[0]?.guard ?? message.state,
      custom_details: { message: withinBytes(message.run, partsOf(message), MOST_BYTES).join('\n\n') },
    },
  };
}
