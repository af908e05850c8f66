import { NightfeedError } from '../lib/core/errors.ts';
import { kindOf } from '../lib/core/feed/descriptors/source-descriptor.ts';
import type { Ports } from '../lib/ports/ports.ts';
import { sources } from '../lib/sources/index.ts';
import { openSource } from '../lib/sources/open.ts';
import { type Opened, setting } from './compose.ts';

/** For processes that ask the vendor. It has its own file, so that the bundle of the other processes has no clients of vendors' servers. */
export function vendorSource({ secret }: Pick<Opened, 'secret'>): Pick<Ports, 'openSource'> {
  return {
    async openSource(feed, date) {
      const kind = kindOf(feed.source, sources);
      const { bucket } = kind.cloud?.(feed.source) ?? {};
      if (bucket !== undefined && bucket === setting('bucket'))
        throw new NightfeedError('SECRET_REFUSED', `source.${kind.name}.bucket: ${bucket} is the lake`);
      return openSource(feed, sources, { date, folder: '', secret });
    },
  };
}
