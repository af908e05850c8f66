import { z } from 'zod';
import { secret } from '../../core/feed/values/text-forms.ts';
import type { ChosenNotifier } from '../../ports/notifier-kind.ts';
import { isPrivateOnTheWay } from '../common/address.ts';

const options = z
  .strictObject({
    url: z
      .url('expected an address')
      .refine(isPrivateOnTheWay, 'expected https, or http to this machine')
      .describe('Address that gets each message as a POST of JSON.'),
    secret: secret.describe('Where the secret is that signs each message: `whsec_` and base64 of at least 24 bytes.'),
  })
  .describe('A web hook of yours, signed by the rules of Standard Webhooks.');

export const webhook: ChosenNotifier<z.output<typeof options>> = {
  name: 'webhook',
  options,
  reach: ({ url }) => url,
  async openChannel({ url }, { secret: key }) {
    const { webhookNotifier } = await import('./webhook.ts');
    return webhookNotifier({ url, secret: key! });
  },
};
