import { z } from 'zod';
import { secret } from '../../core/feed/values/text-forms.ts';
import type { ChosenNotifier } from '../../ports/notifier-kind.ts';
import { secretAddress } from '../common/address.ts';

const options = z
  .strictObject({
    url: secret.describe(
      'Where the address is of a workflow that begins "When a Teams webhook request is received"; whoever knows it may write.',
    ),
  })
  .describe('A channel or chat of Microsoft Teams, by a workflow of Power Automate.');

export const teams: ChosenNotifier<z.output<typeof options>> = {
  name: 'teams',
  options,
  reach: ({ url }) => `the workflow in ${url}`,
  async openChannel(_options, { url }) {
    const { teamsNotifier } = await import('./teams.ts');
    return teamsNotifier(secretAddress('Teams', url!));
  },
};
