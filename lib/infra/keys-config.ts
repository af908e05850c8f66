import { z } from 'zod';
import { matching } from '../core/feed/values/text-forms.ts';

export const keyArn = matching(
  /^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+$/,
  'expected the ARN of a key, such as arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
);

export const keysSchema = z.strictObject({
  lake: keyArn.optional().describe('Encrypts the objects of the lake that are written from then on.'),
  secrets: keyArn.optional().describe('Encrypts the secrets of the owner and of the logins of each feed.'),
  messages: keyArn.optional().describe('Encrypts the topics; its policy has to let alarms use it (docs/security.md).'),
  bootstrap: keyArn.optional().describe('Encrypts the bucket into which `cdk deploy` uploads.'),
  vendor: z
    .array(keyArn)
    .optional()
    .describe('Encrypt the secrets and buckets that feed files name, also in other accounts.'),
});

export type KeysConfig = z.output<typeof keysSchema>;
