import { NightfeedError } from '../core/errors.ts';
import { sourceSecrets } from '../core/feed/secrets.ts';
import { mayNeedSpark } from '../core/feed/spark-choice.ts';
import type { Feed } from '../core/feed/spec.ts';
import { MAX_GIGABYTES } from './task-size.ts';

/** Refuses, before anything is deployed, what a feed cannot have in the cloud. Throws FEED_INVALID with every fault. */
export function checkCloudFeed(feed: Feed, gigabytes: number): void {
  const faults = [...sourceFaults(feed), ...waitFaults(feed), ...engineFaults(feed, gigabytes)];
  if (faults.length > 0)
    throw new NightfeedError('FEED_INVALID', faults.map((fault) => `feed ${feed.feed}: ${fault}`).join('\n'), {
      hint: 'Correct the feed file or nightfeed.config.yaml, then synthesise again.',
    });
}

/** Names of the secrets of Secrets Manager that a feed uses, without their `#key`. */
export function secretsOf(feed: Feed): string[] {
  const named = sourceSecrets(feed).map(({ reference }) => reference);
  const inVault = named.filter((reference) => reference.startsWith('secret:'));
  return [...new Set(inVault.map((reference) => reference.slice('secret:'.length).replace(/#.*$/, '')))];
}

function sourceFaults(feed: Feed): string[] {
  const kind = (['folder', 'ftp', 'sftp', 's3'] as const).find((name) => name in feed.source)!;
  if (kind === 'folder')
    return ['source.folder: a folder of yours is out of reach in the cloud; expected ftp, sftp or s3'];
  const { source } = feed;
  const profile = 's3' in source ? source.s3.profile : undefined;
  const profileFaults =
    profile === undefined
      ? []
      : [
          `source.s3.profile: expected none in the cloud, where the pipeline has roles of its own, received ${JSON.stringify(profile)}`,
        ];
  const secretFaults = sourceSecrets(feed)
    .filter(({ reference }) => !reference.startsWith('secret:'))
    .map(({ option, reference }) => {
      const place = reference.slice(0, reference.indexOf(':') + 1);
      return `source.${kind}.${option}: expected secret:NAME of Secrets Manager, received ${place}…, which the cloud has not`;
    });
  return [...profileFaults, ...secretFaults];
}

/** Each look at the vendor, twice a minute, leaves 9 of the 25,000 events that an execution may have. */
const MAX_WAIT_HOURS = 20;

function waitFaults({ schedule }: Feed): string[] {
  if (!schedule?.deadline || waitHours(schedule) <= MAX_WAIT_HOURS) return [];
  const { at, deadline } = schedule;
  return [
    `schedule.deadline: expected at most ${MAX_WAIT_HOURS} hours after schedule.at (${at}) in the cloud, received ${deadline}`,
  ];
}

/** From the start of the night to its deadline; a deadline before `at` is on the next day. */
export function waitHours({ at, deadline = at }: NonNullable<Feed['schedule']>): number {
  return ((minutesOf(deadline) - minutesOf(at) + DAY_MINUTES) % DAY_MINUTES) / 60;
}

const DAY_MINUTES = 24 * 60;

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours! * 60 + minutes!;
}

function engineFaults(feed: Feed, gigabytes: number): string[] {
  if (feed.spark && feed.spark.above > MAX_GIGABYTES * 1e9)
    return [
      `spark.above: expected at most ${MAX_GIGABYTES}GB, which fit on a task's disk, received ${feed.spark.above / 1e9}GB`,
    ];
  if (gigabytes > MAX_GIGABYTES && !mayNeedSpark(feed))
    return [
      `expected_size: expected at most ${MAX_GIGABYTES}GB, which fit on a task's disk, received ${gigabytes}GB; more need spark.above`,
    ];
  return [];
}
