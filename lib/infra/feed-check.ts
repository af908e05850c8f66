import { anyOf } from '../core/any-of.ts';
import { NightfeedError } from '../core/errors.ts';
import { type EngineDescriptor, mayNeedJob } from '../core/feed/descriptors/engine-descriptor.ts';
import { nameOfChannel } from '../core/feed/descriptors/notifier-descriptor.ts';
import { kindOf } from '../core/feed/descriptors/source-descriptor.ts';
import { sourceSecrets } from '../core/feed/secrets.ts';
import { takenAfter } from '../core/feed/spec/after.ts';
import type { Feed } from '../core/feed/spec.ts';
import { longestGap } from '../core/schedule/night-days.ts';
import { engines } from '../engines/index.ts';
import { sources } from '../sources/index.ts';
import { cloudNeedsOf } from './cloud-needs.ts';
import { MAX_GIGABYTES } from './task-size.ts';

/** Checks before a deployment whether a feed can run in the cloud. Throws FEED_INVALID with every fault. */
export function checkCloudFeed(feed: Feed, gigabytes: number): void {
  const faults = [
    ...sourceFaults(feed),
    ...channelFaults(feed),
    ...afterFaults(feed),
    ...waitFaults(feed),
    ...dayFaults(feed),
    ...engineFaults(feed, gigabytes),
  ];
  if (faults.length > 0)
    throw new NightfeedError('FEED_INVALID', faults.map((fault) => `feed ${feed.feed}: ${fault}`).join('\n'), {
      hint: 'Correct the feed file or nightfeed.config.yaml, then synthesise again.',
    });
}

function sourceFaults(feed: Feed): string[] {
  const { name, cloud } = kindOf(feed.source, sources);
  if (!cloud) {
    const others = anyOf(sources.filter((kind) => 'cloud' in kind).map((kind) => kind.name));
    return [`source.${name}: a ${name} of yours is out of reach in the cloud; expected ${others}`];
  }
  const faults = (cloudNeedsOf(feed).faults ?? []).map(({ option, problem }) => `source.${name}.${option}: ${problem}`);
  const secretFaults = sourceSecrets(feed, sources)
    .filter(({ reference }) => !reference.startsWith('secret:'))
    .map(({ option, reference }) => {
      const place = reference.slice(0, reference.indexOf(':') + 1);
      return `source.${name}.${option}: expected secret:NAME of Secrets Manager, received ${place}…, which the cloud has not`;
    });
  return [...faults, ...secretFaults];
}

/** Nothing of a deployment may change what lies at the vendor. */
function afterFaults(feed: Feed): string[] {
  if (takenAfter(feed) === undefined) return [];
  return ["after: the vendor's files are taken away from a machine of yours alone; leave it out in the cloud"];
}

/** The functions of a deployment reach no host but AWS's and the vendor's. */
function channelFaults({ channels = [] }: Feed): string[] {
  return channels.map(
    (channel) =>
      `channels: ${nameOfChannel(channel)} is told from a machine of yours; in the cloud messages go to \`recipients\`, \`slack\` and \`events\` of nightfeed.config.yaml`,
  );
}

/** An execution may have 25,000 events. Each look at the vendor adds 9, twice a minute. */
const MAX_WAIT_HOURS = 20;

function waitFaults({ schedule }: Feed): string[] {
  if (!schedule?.deadline || waitHours(schedule) <= MAX_WAIT_HOURS) return [];
  const { at, deadline } = schedule;
  return [
    `schedule.deadline: expected at most ${MAX_WAIT_HOURS} hours after schedule.at (${at}) in the cloud, received ${deadline}`,
  ];
}

/** CloudWatch evaluates at most a week, and the alarm of a feed that goes silent has to wait for a night after the last one. */
const MAX_GAP_DAYS = 6;

function dayFaults({ schedule }: Feed): string[] {
  if (!schedule || longestGap(schedule) <= MAX_GAP_DAYS) return [];
  return [
    `schedule.days: expected a night every ${MAX_GAP_DAYS} days or more often in the cloud, where no alarm watches longer; received ${schedule.days?.join(', ')}`,
  ];
}

/** Hours from the start of the night to its deadline. A deadline before `at` is on the next day. */
export function waitHours({ at, deadline = at }: NonNullable<Feed['schedule']>): number {
  return ((minutesOf(deadline) - minutesOf(at) + DAY_MINUTES) % DAY_MINUTES) / 60;
}

const DAY_MINUTES = 24 * 60;

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours! * 60 + minutes!;
}

function engineFaults(feed: Feed, gigabytes: number): string[] {
  const kinds: readonly EngineDescriptor[] = engines;
  const faults = kinds.flatMap(({ job }) => job?.faults(feed, MAX_GIGABYTES) ?? []);
  if (faults.length > 0) return faults;
  if (gigabytes > MAX_GIGABYTES && !mayNeedJob(feed, engines))
    return [
      `expected_size: expected at most ${MAX_GIGABYTES}GB, which fit on a task's disk, received ${gigabytes}GB; more need spark.above`,
    ];
  return [];
}
