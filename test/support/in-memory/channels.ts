import type { ChannelsOf } from '../../../lib/ports/channel.ts';
import type { Notifier } from '../../../lib/ports/notifier.ts';

/** One channel of every feed, which takes all messages. */
export function channelsTo(notifier: Notifier): ChannelsOf {
  return async () => [
    { name: 'test', wants: () => true, isDown: () => false, send: (message) => notifier.send(message) },
  ];
}
