import { z } from 'zod';
import { matching } from '../core/feed/values/text-forms.ts';

/** An id that AWS gives, such as `vpc-0a1b2c3d`. */
export const awsId = (kind: string) =>
  matching(new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`), `expected an id such as ${kind}-0a1b2c3d`);

/** How many availability zones, or which. */
const zones = z.union(
  [
    z.int().min(2).max(3),
    z
      .array(matching(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'expected a zone such as eu-west-1a'))
      .min(2)
      .max(3),
  ],
  { error: 'expected 2, 3, or a list of two or three zones such as [eu-west-1a, eu-west-1b]' },
);

export const networkSchema = z.strictObject({
  zones: zones
    .optional()
    .describe('Availability zones of our own VPC: how many, 2 unless given, or their names. 3 needs `account`.'),
  address: awsId('eipalloc')
    .optional()
    .describe(
      'Allocation id of an elastic IP address that you have: traffic leaves our own VPC from it, instead of from a new one.',
    ),
  existing: z
    .strictObject({
      vpc_id: awsId('vpc').describe('Id of the VPC.'),
      subnet_ids: z
        .array(awsId('subnet'))
        .min(1)
        .describe('Private subnets with a way out: to the vendor, to AWS, to the database.'),
    })
    .optional()
    .describe('A VPC that you have, instead of our own.'),
});

export type NetworkConfig = z.output<typeof networkSchema>;

interface Place {
  readonly account?: string | undefined;
  readonly region: string;
}

/** What is wrong with `network.zones` of a stage, or null. */
export function faultOfZones(zones: NetworkConfig['zones'], { account, region }: Place): string | null {
  if (zones === 3 && account === undefined)
    return 'expected `account` beside three zones: how many zones there are depends on the account. Without it 2, or the names of three';
  if (!Array.isArray(zones)) return null;
  if (new Set(zones).size < zones.length) return 'expected each zone once';
  return zones.every((zone) => zone.slice(0, -1) === region) ? null : `expected zones of ${region}`;
}
