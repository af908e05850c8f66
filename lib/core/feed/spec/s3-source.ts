import { z } from 'zod';
import { dated, matching, secret } from '../values/text-forms.ts';

/** `ofDate` explains `{date}` in the documentation, `ways` explains where secrets can be. */
export const s3Source = (ofDate: string, ways: string, ignoreCase: z.ZodOptional<z.ZodBoolean>) =>
  z.strictObject({
    s3: z
      .strictObject({
        bucket: matching(
          /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          'expected the name of a bucket, such as vendor-deliveries',
        ).describe('Name of the bucket, or alias of an access point.'),
        path: dated.default('').describe(`Folder in the bucket: what the keys have before the last \`/\`. ${ofDate}`),
        region: matching(/^[a-z0-9-]+$/, 'expected a region such as eu-west-1')
          .optional()
          .describe("Region of the bucket. Without it that of nightfeed's own surroundings."),
        endpoint: matching(
          /^https?:\/\/[^/?#@\s]+\/?$/,
          'expected the address of a server, such as https://s3.vendor.example',
        )
          .optional()
          .describe('Another store than AWS that speaks S3.'),
        profile: z
          .string()
          .min(1)
          .optional()
          .describe(
            'Profile of your AWS configuration, on your own machine. Without it and without keys: what the AWS SDK finds; in the cloud the roles of the pipeline.',
          ),
        access_key: secret.optional().describe(`Where the id of an access key is that the vendor gave you: ${ways}.`),
        secret_key: secret.optional().describe('Where the secret of this access key is, in the same ways.'),
        requester_pays: z.boolean().default(false).describe('The vendor lets you pay for the transfer.'),
      })
      .refine(({ access_key, secret_key }) => (access_key === undefined) === (secret_key === undefined), {
        error: 'expected access_key and secret_key, or neither',
      })
      .refine(({ profile, access_key }) => profile === undefined || access_key === undefined, {
        error: 'expected profile, or access_key and secret_key, not both',
      })
      .describe('A folder in an S3 bucket.'),
    ignore_case: ignoreCase,
  });
