import { parseRunName } from './keys.ts';
import type { linkNames } from './link-pattern.ts';

/** The address for a message. Names go in as they are in one segment of an address. */
export function messageLink(pattern: string, run: string): string {
  const known = { feed: run.split('/')[0]!, run, date: parseRunName(run)?.date ?? '' };
  return pattern.replaceAll(/\{(feed|run|date)\}/g, (_, name: (typeof linkNames)[number]) =>
    encodeURIComponent(known[name]),
  );
}
