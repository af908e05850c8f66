import { z } from 'zod';
import { secret } from '../../core/feed/values/text-forms.ts';
import type { ChosenNotifier } from '../../ports/notifier-kind.ts';

const ports = { starttls: 587, implicit: 465, none: 25 } as const;
const address = z.email('expected an e-mail address');

const options = z
  .strictObject({
    host: z.string().min(1).describe('Name or address of the mail server.'),
    port: z.int().min(1).max(65_535).optional().describe('Its port; by `tls`: 587, 465 or 25.'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('How the connection is encrypted; certificates are always verified. `none` only without a password.'),
    ca: secret
      .optional()
      .describe(
        "Where the certificate (PEM) of the authority is that signed the server's certificate, if not a public one.",
      ),
    user: z.string().min(1).optional().describe('Login name.'),
    password: secret.optional().describe('Where its password is.'),
    from: address.describe('Sender.'),
    to: z.array(address).min(1).describe('Recipients.'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    error: 'expected user and password together',
  })
  .refine(({ tls, password }) => tls !== 'none' || password === undefined, {
    error: 'a password needs tls: starttls or tls: implicit',
  })
  .describe('E-mail.');

export const smtp: ChosenNotifier<z.output<typeof options>> = {
  name: 'smtp',
  options,
  reach: ({ host, port, tls, to }) => `${host}:${port ?? ports[tls]} for ${to.join(', ')}`,
  async openChannel({ port, ...mail }, { password, ca }) {
    const { smtpNotifier } = await import('./smtp.ts');
    return smtpNotifier({ ...mail, port: port ?? ports[mail.tls], password, ca });
  },
};
