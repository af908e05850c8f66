import { z } from 'zod';
import { clock, timezone } from '../values/text-forms.ts';

/** When the night is. */
export const schedule = z.strictObject({
  at: clock.describe('Time of day at which the night starts, in `timezone`.'),
  timezone: timezone.describe('IANA time zone; also decides which day is today.'),
  business_date: z
    .enum(['today', 'yesterday'])
    .default('today')
    .describe('Which day the delivery of a night describes.'),
  deadline: clock
    .optional()
    .describe('Until when `run` waits for a delivery; after it the run is late. Without it `run` does not wait.'),
});
