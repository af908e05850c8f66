import { formatKindOf } from '../core/feed/descriptors/format-descriptor.ts';
import { type CloudNeeds, kindOf } from '../core/feed/descriptors/source-descriptor.ts';
import { sourceSecrets } from '../core/feed/secrets.ts';
import type { Feed } from '../core/feed/spec.ts';
import { formats } from '../formats/index.ts';
import { sources } from '../sources/index.ts';

/** What the source of a feed needs from its pipeline: rights, secrets, hosts. */
export function cloudNeedsOf({ source }: Feed): CloudNeeds {
  return kindOf(source, sources).cloud?.(source) ?? {};
}

/** Whether files of a feed lie on the disk of the process that pulls them, as Parquet does. */
export function keepsFiles({ tables }: Feed): boolean {
  return Object.values(tables).some(({ format }) => formatKindOf(format, formats).isSpooled === true);
}

/** Names of the secrets of Secrets Manager that a feed uses, without their `#key`. */
export function secretsOf(feed: Feed): string[] {
  const named = sourceSecrets(feed, sources).map(({ reference }) => reference);
  const inVault = named.filter((reference) => reference.startsWith('secret:'));
  return [...new Set(inVault.map((reference) => reference.slice('secret:'.length).replace(/#.*$/, '')))];
}
