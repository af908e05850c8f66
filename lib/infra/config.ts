import { z } from 'zod';
import { matching } from '../core/feed/values/text-forms.ts';
import { DEFAULT_ACU, databaseSchema, MIN_ACU_OF_INSIGHTS } from './database-config.ts';
import { keysSchema } from './keys-config.ts';
import { faultOfZones, networkSchema } from './network-config.ts';
import { faultOfRole, peopleSchema } from './people-config.ts';
import { lakeSchema } from './recovery-config.ts';
import { slackSchema } from './slack-config.ts';
import { eventBus, startOn } from './start-on.ts';
import { fargateSizes } from './task-size.ts';

const aSize = 'expected a size such as 500MB or 8GB';
/** `500MB`, `8GB` in gigabytes. */
const gigabytes = matching(/^\d+(\.\d+)?[MG]B$/, aSize).transform((text) =>
  text.endsWith('MB') ? Number.parseFloat(text) / 1000 : Number.parseFloat(text),
);

const aTask = `expected cpu and memory that Fargate has together: ${fargateSizes
  .map(({ cpu, memory }) => `${cpu} with ${memory.join(', ')}`)
  .join('; ')}`;

const task = z
  .strictObject({
    cpu: z.int().describe('CPU units; 1024 is one processor.'),
    memory: z.int().describe('MiB.'),
    storage: z.int().min(21).max(200).describe('GiB of disk of a task, which is deleted with it.'),
  })
  .refine((size) => fargateSizes.some(({ cpu, memory }) => cpu === size.cpu && memory.includes(size.memory)), aTask);

const feed = z.strictObject({
  file: z.string().min(1).describe('Path of the feed file, relative to this file.'),
  expected_size: gigabytes
    .prefault('8GB')
    .describe('Decompressed size of a whole delivery; decides how large the tasks are.'),
  catalog: z
    .boolean()
    .default(false)
    .describe('Shows its tables in a database of the Glue Data Catalog, for Athena and Redshift Spectrum.'),
  start: startOn
    .optional()
    .describe(
      'What starts a night before its time: `{on: s3}`, or an event. Without it only the schedule does, and people.',
    ),
  task: task.optional().describe('Size of the tasks, instead of the one that follows from `expected_size`.'),
});

const events = z.strictObject({
  bus: eventBus.describe(
    '`default`, the name of a bus of this account and region, or the ARN of a bus that lets this account put events.',
  ),
});

/** nightfeed.config.yaml: what is deployed, where, and who gets its messages. */
export const configSchema = z
  .strictObject({
    stage: matching(/^[a-z][a-z0-9]{0,11}$/, 'expected lower-case letters and digits, at most 12').describe(
      'First part of every name, so that several stages fit into one account.',
    ),
    region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as eu-west-1').describe('Where it all runs.'),
    account: matching(/^\d{12}$/, 'expected the twelve digits of an account, in quotes')
      .optional()
      .describe('Its account. Credentials of another account then deploy nothing.'),
    feeds: z.array(feed).min(1).describe('The feeds. Removing one keeps its data.'),
    network: networkSchema.prefault({}).describe('Our own VPC, or yours.'),
    database: databaseSchema.prefault({}).describe('Our own Aurora PostgreSQL, or a PostgreSQL of yours.'),
    lake: lakeSchema.prefault({}).describe('The bucket: how long it keeps what was removed, and a copy of it.'),
    keys: keysSchema.prefault({}).describe('Keys of KMS of yours, by their ARNs, instead of those of AWS.'),
    recipients: z.array(z.email('expected an e-mail address')).default([]).describe('Who gets messages and alarms.'),
    slack: slackSchema
      .optional()
      .describe(
        'Where they go as well: a channel of Slack whose workspace knows AWS already (Amazon Q Developer), or a topic of yours.',
      ),
    ...peopleSchema,
    events: events
      .optional()
      .describe(
        'Where events about runs go, for other pipelines. Without it there are none: who may read the bus learns of names, counts and errors.',
      ),
    runbook: z
      .url('expected an address')
      .optional()
      .describe('Where your people find docs/deploy.md; alarms link to its headings.'),
    processor: z.enum(['arm64', 'x64']).default('arm64').describe('Of the tasks; arm64 costs a fifth less.'),
    base_image_digest: matching(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits')
      .optional()
      .describe(
        "Another base of the tasks' image than this version's; bin/task.Dockerfile has the command that looks it up.",
      ),
    rds_bundle_sha256: matching(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
      .optional()
      .describe(
        "Of Amazon's file of certificate authorities, once it is newer than this version; bin/task.Dockerfile says more.",
      ),
    destroy_data: z
      .boolean()
      .default(false)
      .describe('One of two keys: `cdk destroy` may delete lake and database; the other is `-c destroy-data=STAGE`.'),
  })
  .superRefine((config, context) => {
    const complain = (message: string, ...path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path });
    if (config.recipients.length === 0 && !config.slack)
      complain('expected at least one e-mail address, or slack: a night that fails must be heard', 'recipients');
    const { min_acu = DEFAULT_ACU.min, max_acu = DEFAULT_ACU.max } = config.database;
    if (max_acu < Math.max(1, min_acu))
      complain('expected at least 1, and no less than min_acu', 'database', 'max_acu');
    if (config.lake.copy_to && config.keys.lake)
      complain('expected none beside `keys.lake`: S3 would need your key to copy the objects', 'lake', 'copy_to');
    for (const part of ['readers', 'operators', 'people_roles'] as const)
      for (const [index, role] of config[part].entries()) {
        const fault = faultOfRole(role, config.account, part === 'people_roles' ? 'no policy' : 'a policy');
        if (fault !== null) complain(fault, part, index);
      }
    const ofZones = faultOfZones(config.network.zones, config);
    if (ofZones !== null) complain(ofZones, 'network', 'zones');
    if (config.database.performance_insights && min_acu < MIN_ACU_OF_INSIGHTS)
      complain('expected min_acu of 2 or more with it', 'database', 'performance_insights');
    for (const part of ['network', 'database'] as const) {
      const own = Object.keys(config[part]).filter((option) => option !== 'existing');
      if (config[part].existing && own.length > 0) complain('our own has this; an existing one has not', part, own[0]!);
    }
  });

export type Config = z.output<typeof configSchema>;
export type FeedConfig = Config['feeds'][number];
