import { createHmac } from 'node:crypto';
import { NightfeedError } from '../../core/errors.ts';
import { shownJson } from '../../core/shown-text.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { payloadOf } from '../common/payload.ts';
import { post } from '../common/post.ts';

interface Hook {
  readonly url: string;
  readonly secret: string;
}

/** As the rules ask for; a shorter key could be guessed from one message. */
const LEAST_KEY_BYTES = 24;

/**
 * Posts each message as JSON with `webhook-id`, `webhook-timestamp` and `webhook-signature`. A receiver checks the signature, refuses what is
 * older than five minutes, and knows repetitions by the id.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (read 2026-11-30)
 */
export function webhookNotifier({ url, secret }: Hook): Notifier {
  const key = keyOf(secret);
  return {
    async send(message) {
      const body = shownJson({
        type: `run.${message.state}`,
        ...(message.times === undefined ? {} : { timestamp: message.times.ended }),
        data: payloadOf(message),
      });
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', key).update(`${message.id}.${timestamp}.${body}`).digest('base64');
      await post({
        of: `the web hook at ${new URL(url).host}`,
        url,
        body,
        secrets: [secret],
        headers: {
          'webhook-id': message.id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${signature}`,
        },
      });
    },
  };
}

function keyOf(secret: string): Buffer {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(base64 ?? '', 'base64');
  if (key.length >= LEAST_KEY_BYTES) return key;
  throw new NightfeedError(
    'NOTIFIER_UNAVAILABLE',
    `the secret of the web hook is not whsec_ and base64 of at least ${LEAST_KEY_BYTES} bytes`,
    { hint: 'Make one: echo "whsec_$(openssl rand -base64 32)"' },
  );
}
