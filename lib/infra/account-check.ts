import { NightfeedError } from '../core/errors.ts';

/**
 * Refuses credentials of another account than the configured one, before anything is synthesised. Throws ACCOUNT_OTHER. `from` is the account
 * of `-c deploys-from=…`, with which somebody says that it deploys into the configured one on purpose. Without credentials there is nothing to
 * compare: CDK then asks for those of the configured account itself.
 */
export function checkAccount(configured: string | undefined, credentials: string | undefined, from: unknown): void {
  if (configured === undefined || credentials === undefined || credentials === configured) return;
  if (String(from) === credentials) return;
  throw new NightfeedError(
    'ACCOUNT_OTHER',
    `nightfeed.config.yaml names the account ${configured}; the AWS credentials are of account ${credentials}`,
    {
      hint: `Nothing was changed. Sign in to account ${configured}, for example with --profile, or correct \`account\`. If account ${credentials} deploys into it on purpose, add -c deploys-from=${credentials}.`,
    },
  );
}
