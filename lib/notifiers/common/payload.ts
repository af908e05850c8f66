import type { RunMessage } from '../../core/run/message.ts';
import { severityOf } from '../../core/run/message-severity.ts';

/** A message for programs; docs/messages.md has its fields. */
export function payloadOf(message: RunMessage): object {
  return { ...message, feed: message.run.split('/')[0], severity: severityOf(message) };
}
