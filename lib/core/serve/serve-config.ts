import { z } from 'zod';
import { duration, secret } from '../feed/values/text-forms.ts';
import { expectedAddress, parseListenAddress } from './listen-address.ts';

const anAddress =
  'expected an address that begins with https://, or a secret that holds one, such as env:HEARTBEAT_URL';

/** What `nightfeed serve` may be told in a file. */
export const serveConfig = z.strictObject({
  feeds: z
    .array(z.string().min(1))
    .min(1)
    .describe('Feed files, folders of them, or patterns such as `feeds/*.yaml`, from the folder of this file.'),
  listen: z
    .string({ error: expectedAddress })
    .refine((text) => parseListenAddress(text) !== undefined, expectedAddress)
    .optional()
    .describe('Where `/healthz` answers, such as `127.0.0.1:8484`; nowhere unless told. `--listen` goes first.'),
  nights_at_once: z
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('How many nights work at once. Nights that wait for their delivery do not count.'),
  jitter: duration
    .default(0)
    .describe('Spreads the beginnings of nights over this time, such as `5m`; a feed begins as late each night.'),
  heartbeat: z
    .union([secret, z.url({ protocol: /^https$/, error: anAddress })], { error: anAddress })
    .optional()
    .describe('Is asked for each minute while everything is well; a service that misses it tells you.'),
});

export type ServeConfig = z.output<typeof serveConfig>;
