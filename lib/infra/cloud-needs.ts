import { type CloudNeeds, kindOf } from '../core/feed/descriptors/source-descriptor.ts';
import { sourceSecrets } from '../core/feed/secrets.ts';
import type { Feed } from '../core/feed/spec.ts';
import { sources } from '../sources/index.ts';

/** What the source of a feed needs from its pipeline: rights, secrets, hosts. */
export function cloudNeedsOf({ source }: Feed): CloudNeeds {
  return kindOf(source, sources).cloud?.(source) ?? {};
}

/** Names of the secrets of Secrets Manager that a feed uses, without their `#key`. */
export function secretsOf(feed: Feed): string[] {
  const named = sourceSecrets(feed, sources).map(({ reference }) => reference);
  const inVault = named.filter((reference) => reference.startsWith('secret:'));
  return [...new Set(inVault.map((reference) => reference.slice('secret:'.length).replace(/#.*$/, '')))];
}
