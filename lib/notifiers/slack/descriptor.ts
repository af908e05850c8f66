import { z } from 'zod';
import { secret } from '../../core/feed/values/text-forms.ts';
import type { ChosenNotifier } from '../../ports/notifier-kind.ts';
import { secretAddress } from '../common/address.ts';

const options = z
  .strictObject({ url: secret.describe('Where the address of the incoming webhook is; whoever knows it may write.') })
  .describe('A channel of Slack, by an incoming webhook.');

export const slack: ChosenNotifier<z.output<typeof options>> = {
  name: 'slack',
  options,
  reach: ({ url }) => `the webhook in ${url}`,
  async openChannel(_options, { url }) {
    const { slackNotifier } = await import('./slack.ts');
    return slackNotifier(secretAddress('Slack', url!));
  },
};
