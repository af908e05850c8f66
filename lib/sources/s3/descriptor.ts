import { z } from 'zod';
import type { CloudRight } from '../../core/cloud/process-needs.ts';
import type { CloudNeeds } from '../../core/feed/descriptors/source-descriptor.ts';
import { withAnyDate, withDate } from '../../core/feed/values/date-form.ts';
import { dated, matching, secret } from '../../core/feed/values/text-forms.ts';
import type { SourceKind } from '../../ports/source-kind.ts';
import { ofDate, secretWays } from '../common/options.ts';

const bucket = z
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
    access_key: secret.optional().describe(`Where the id of an access key is that the vendor gave you: ${secretWays}.`),
    secret_key: secret.optional().describe('Where the secret of this access key is, in the same ways.'),
    requester_pays: z.boolean().default(false).describe('The vendor lets you pay for the transfer.'),
  })
  .refine(({ access_key, secret_key }) => (access_key === undefined) === (secret_key === undefined), {
    error: 'expected access_key and secret_key, or neither',
  })
  .refine(({ profile, access_key }) => profile === undefined || access_key === undefined, {
    error: 'expected profile, or access_key and secret_key, not both',
  })
  .describe('A folder in an S3 bucket.');

type Bucket = z.output<typeof bucket>;

const options = { s3: bucket };

export const s3: SourceKind<typeof options> = {
  name: 's3',
  options,
  ofUrl: ({ protocol, hostname }, { path }) =>
    protocol === 's3:' ? { s3: { bucket: hostname, ...(path === '/' ? {} : { path: path.slice(1) }) } } : undefined,
  reach: ({ s3: { endpoint, bucket, profile } }) => ({
    place: endpoint === undefined ? bucket : `${endpoint} ${bucket}`,
    logins: profile === undefined ? [] : [`profile ${profile}`],
  }),
  cloud: ({ s3 }): CloudNeeds => ({
    faults: profileFaults(s3),
    listeners: listenersOf(s3),
    rights: s3.access_key === undefined ? rightsOf(s3) : [],
    bucket: s3.bucket,
  }),
  async open({ s3: { access_key: _id, secret_key: _secret, requester_pays, path, ...place } }, { date }) {
    const { s3Source } = await import('./s3.ts');
    return ({ access_key, secret_key }) =>
      s3Source({
        ...place,
        path: withDate(path, date),
        accessKey: access_key,
        secretKey: secret_key,
        requesterPays: requester_pays,
      });
  },
};

function profileFaults({ profile }: Bucket): NonNullable<CloudNeeds['faults']> {
  if (profile === undefined) return [];
  const problem = `expected none in the cloud, where the pipeline has roles of its own, received ${JSON.stringify(profile)}`;
  return [{ option: 'profile', problem }];
}

function listenersOf({ endpoint }: Bucket): NonNullable<CloudNeeds['listeners']> {
  if (endpoint === undefined) return [];
  const { hostname, port, protocol } = new URL(endpoint);
  const listens = Number(port || (protocol === 'https:' ? 443 : 80));
  return [{ host: hostname, ports: [listens, listens] }];
}

/** Rights on the files of the folder, whatever the date in its path. */
function rightsOf({ bucket, path }: Bucket): CloudRight[] {
  const objects = withAnyDate([path.replace(/^\/+|\/+$/g, ''), '*'].filter((part) => part !== '').join('/'));
  return [
    { actions: ['s3:GetObject'], resources: [`s3:::${bucket}/${objects}`] },
    {
      actions: ['s3:ListBucket'],
      resources: [`s3:::${bucket}`],
      conditions: { StringLike: { 's3:prefix': [objects] } },
    },
  ];
}
