import { z } from 'zod';
import { secret } from '../../core/feed/values/text-forms.ts';
import type { ChosenNotifier } from '../../ports/notifier-kind.ts';

const options = z
  .strictObject({
    routing_key: secret.describe('Where the integration key is, of an integration "Events API V2".'),
    region: z.enum(['us', 'eu']).default('us').describe('Service region of the account.'),
  })
  .describe(
    'An incident of PagerDuty for each date, which is resolved when that date is published, rejected, or overtaken by a newer one.',
  );

export const pagerduty: ChosenNotifier<z.output<typeof options>> = {
  name: 'pagerduty',
  options,
  severity: 'error',
  resolves: true,
  reach: ({ region }) => `PagerDuty (${region})`,
  async openChannel({ region }, { routing_key: key }) {
    const { eventsAddress, pagerDutyNotifier } = await import('./pagerduty.ts');
    return pagerDutyNotifier({ key: key!, url: eventsAddress[region] });
  },
};
