import { z } from 'zod';
import { keyArn } from './keys-config.ts';
import { awsId } from './network-config.ts';
import { backupSchema } from './recovery-config.ts';

/** In ACU: about 1 GB of memory while nobody writes, and 16 GB for a night. */
export const DEFAULT_ACU = { min: 0.5, max: 8 } as const;

const acu = z.number().min(0).max(256).multipleOf(0.5, 'expected a multiple of 0.5').optional();

const aWindow = /^((mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d(-(?!$)|$)){2}$/;

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html, November 2026. */
export const MIN_ACU_OF_INSIGHTS = 2;

export const databaseSchema = z.strictObject({
  min_acu: acu.describe(
    'Smallest capacity of our own Aurora, 0.5 unless given; with 0 it pauses when nobody reads, and wakes in about 15 s.',
  ),
  max_acu: acu.describe('Largest capacity, 8 unless given; one ACU has 2 GiB of memory.'),
  backup: backupSchema.optional().describe('A backup of each day in AWS Backup.'),
  reader: z
    .boolean()
    .optional()
    .describe(
      'A second instance in another zone: it takes over in about a minute when the first fails, and answers readers.',
    ),
  backup_window: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of UTC such as 12:00-13:00')
    .optional()
    .describe('When Aurora makes its backups, in UTC. Unless given, as far from the nights of all feeds as can be.'),
  maintenance_window: z
    .string()
    .regex(aWindow, 'expected a time of UTC such as sun:13:00-sun:14:00')
    .optional()
    .describe('When Aurora may be patched, in UTC. Unless given, on Sundays, as far from the nights as can be.'),
  performance_insights: z
    .boolean()
    .optional()
    .describe(
      'Keeps what the database was busy with for a week. On unless min_acu is below 2, where AWS does not recommend it.',
    ),
  rotate_secrets_after_days: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('The passwords of the owner and of the logins of each feed change that often. Without it they stay.'),
  existing: z
    .strictObject({
      host: z.string().min(1).describe('Its host name, as its certificate names it.'),
      port: z.int().min(1).max(65535).default(5432).describe('Its port.'),
      dbname: z.string().min(1).describe('Name of the database.'),
      owner_secret: z
        .string()
        .min(1)
        .describe(
          'Name or ARN of a secret with host, port, dbname, username and password of a role that may create roles.',
        ),
      owner_secret_key: keyArn.optional().describe('The key that encrypts this secret, if it is one of yours.'),
      security_group: awsId('sg')
        .optional()
        .describe('Its security group: gets a rule that lets the pipelines in. Without it you let them in.'),
      sslmode: z
        .enum(['disable', 'require', 'verify-ca', 'verify-full'])
        .optional()
        .describe('Weaker than `verify-full` only when you have to.'),
    })
    .optional()
    .describe('A PostgreSQL that you have, instead of our own Aurora.'),
});

export type DatabaseConfig = z.output<typeof databaseSchema>;
