import { z } from 'zod';
import { NightfeedError } from '../../core/errors.ts';
import { matching } from '../../core/feed/values/text-forms.ts';
import type { ChosenNotifier } from '../../ports/notifier-kind.ts';

const options = z
  .strictObject({
    run: matching(/^\//, 'expected an absolute path').describe(
      'Program that gets each message as JSON on its standard input. Whoever runs nightfeed allows it in NIGHTFEED_COMMANDS.',
    ),
    args: z.array(z.string()).default([]).describe('Arguments; no shell reads them.'),
  })
  .describe('A program on this machine.');

/** Programs that a feed file may name, with a colon between them. */
const ALLOWED = 'NIGHTFEED_COMMANDS';

export const command: ChosenNotifier<z.output<typeof options>> = {
  name: 'command',
  options,
  reach: ({ run }) => run,
  async openChannel({ run, args }, _secrets, { setting }) {
    if (!setting(ALLOWED)?.split(':').includes(run))
      throw new NightfeedError('NOTIFIER_UNAVAILABLE', `the program ${run} is not on the list in ${ALLOWED}`, {
        hint: `Have whoever runs nightfeed add it: ${ALLOWED}=${run}`,
      });
    const { commandNotifier } = await import('./command.ts');
    return commandNotifier(run, args, setting('PATH'));
  },
};
