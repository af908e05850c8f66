import { setTimeout as sleep } from 'node:timers/promises';
import type { SNSClientConfig } from '@aws-sdk/client-sns';
import { EVENT_SOURCE, runEventOf } from '../../core/cloud/run-event.ts';
import { NightfeedError } from '../../core/errors.ts';
import { shownJson } from '../../core/shown-text.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { putEvents } from './put-events.ts';

interface Bus {
  /** ARN of the event bus. */
  readonly bus: string;
  readonly stage: string;
  /** Another address than EventBridge's own, for tests. */
  readonly endpoint?: string | undefined;
}

/** Puts an event on a bus for each message. Throws NOTIFIER_UNAVAILABLE; the message then stays in the outbox. */
export function eventBridgeNotifier({ bus, stage, endpoint }: Bus, config: SNSClientConfig = {}): Notifier {
  return {
    async send(message) {
      const { detailType, detail } = runEventOf(message, stage);
      const entry = { EventBusName: bus, Source: EVENT_SOURCE, DetailType: detailType, Detail: shownJson(detail) };
      for (const pause of [...PAUSES, null]) {
        const problem = await putEvents(entry, { config, endpoint });
        if (problem === null) return;
        if (pause === null || !problem.mayPass)
          throw new NightfeedError(
            'NOTIFIER_UNAVAILABLE',
            `EventBridge did not take the event for ${bus}: ${problem.text}`,
          );
        await sleep(pause);
      }
    },
  };
}

/** Milliseconds between two attempts. What lasts longer is tried again at the next run. */
const PAUSES = [200, 800, 3000] as const;
