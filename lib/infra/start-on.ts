import { z } from 'zod';
import { isDated } from '../core/delivery/dated.ts';
import { NightfeedError } from '../core/errors.ts';
import { kindOf } from '../core/feed/descriptors/source-descriptor.ts';
import { filesPattern } from '../core/feed/files-pattern.ts';
import type { Feed } from '../core/feed/spec.ts';
import { matching } from '../core/feed/values/text-forms.ts';
import { sources } from '../sources/index.ts';
import { cloudNeedsOf } from './cloud-needs.ts';

/** For options that name a bus. */
export const eventBus = matching(
  /^([\w.-]{1,256}|arn:aws[\w-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256})$/,
  'expected default, the name of an event bus of this account, or the ARN of one',
);
const bus = eventBus.default('default').describe('Bus on which the event comes: `default`, a name, or an ARN.');

/** What starts a night before its time. The feed file says nothing of it, because only a deployed feed has events. */
export const startOn = z.discriminatedUnion(
  'on',
  [
    z.strictObject({
      on: z
        .literal('s3')
        .describe(
          'An object was created in the folder of the source. The bucket has to send its events to EventBridge.',
        ),
      bus,
    }),
    z.strictObject({
      on: z.literal('event').describe('An event of the vendor, or of a pipeline before this one.'),
      source: z.string().min(1).max(256).describe('`source` of the event.'),
      detail_type: z.string().min(1).max(128).describe('`detail-type` of the event.'),
      detail: z
        .record(z.string().min(1), z.array(z.string()).min(1))
        .optional()
        .describe('Fields of `detail`, each with the values that count.'),
      date: matching(/^detail(\.[A-Za-z0-9_-]+)+$/, 'expected a field of the event, such as detail.business_date')
        .optional()
        .describe(
          'Field of the event with the business date, such as `detail.business_date`. Without it the next night is meant.',
        ),
      bus,
    }),
  ],
  { error: 'expected on: s3, or on: event' },
);

export type StartOn = z.output<typeof startOn>;

/** The folder of a bucket whose objects start nights. */
export interface StartFolder {
  readonly bucket: string;
  /** What the keys begin with, whatever the date. */
  readonly prefix: string;
}

/** Where the objects come that start this feed's nights. Throws FEED_INVALID for a feed that S3 tells nothing of. */
export function startFolder(feed: Feed): StartFolder {
  const kind = kindOf(feed.source, sources).name;
  const { path = '', endpoint } = (feed.source[kind] ?? {}) as { path?: string; endpoint?: string };
  const { bucket } = cloudNeedsOf(feed);
  if (bucket === undefined || endpoint !== undefined)
    throw unfit(feed, `start.on: expected event, received s3, which says nothing of a source of the kind ${kind}`);
  const dated = path.replace(/^\/+|\/+$/g, '');
  const brace = dated.indexOf('{');
  return { bucket, prefix: brace >= 0 ? dated.slice(0, brace) : dated === '' ? '' : `${dated}/` };
}

/** Throws FEED_INVALID where the first file of a delivery would start a night with the other files of the delivery before it. */
export function checkStart(feed: Feed): void {
  const { marker, manifest } = feed.ready;
  if (marker !== undefined || manifest !== undefined) return;
  const undated = Object.entries(feed.tables).find(([, { files }]) => !isDated(feed, filesPattern(files).file));
  if (undated)
    throw unfit(
      feed,
      `start: expected ready.marker, ready.manifest, or a date in the path or in the files of every table, which ${undated[0]} has not. Otherwise the first file that comes would start a night with the files of the delivery before it`,
    );
}

function unfit({ feed }: Feed, fault: string): NightfeedError {
  return new NightfeedError('FEED_INVALID', `feed ${feed}: ${fault}`, {
    hint: 'Correct the feed file or `start` in nightfeed.config.yaml, then synthesise again.',
  });
}
