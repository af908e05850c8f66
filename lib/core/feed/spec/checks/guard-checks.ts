import type { z } from 'zod';
import type { feedGuards } from '../guards.ts';
import type { schedule } from '../schedule.ts';

interface Guarded {
  guards: z.output<typeof feedGuards>;
  schedule?: z.output<typeof schedule> | undefined;
}

/** Checks that a limit of the delivery has the options that it needs. */
export function checkGuards({ guards: { late, learn }, schedule: night }: Guarded, context: z.RefinementCtx): void {
  const complain = (message: string, ...path: string[]) =>
    context.addIssue({ code: 'custom', message, path: ['guards', ...path] });
  if (late.limit !== undefined && !night) complain('needs a schedule, which says when the night starts', 'late');
  if (learn.after > learn.nights)
    complain(`waits for ${learn.after} nights; only ${learn.nights} are looked at`, 'learn', 'after');
}
