import { z } from 'zod';
import { type FeedChannel, kindOfChannel, type NotifierDescriptor } from './descriptors/notifier-descriptor.ts';
import { type FeedSource, kindOf, type SourceDescriptor } from './descriptors/source-descriptor.ts';
import { isSecret } from './values/text-forms.ts';

/** An option of a source's kind that names a secret, and how. */
export interface NamedSecret {
  /** With dots between the names where it stands within others. */
  readonly option: string;
  readonly reference: string;
}

/** Every secret that a feed's source names. */
export function sourceSecrets(
  { source }: { readonly source: FeedSource },
  kinds: readonly SourceDescriptor[],
): NamedSecret[] {
  const { name, options } = kindOf(source, kinds);
  return secretsIn(options[name]!, source[name]);
}

/** Every secret that a channel of a feed names. */
export function channelSecrets(channel: FeedChannel, kinds: readonly NotifierDescriptor[]): NamedSecret[] {
  const kind = kindOfChannel(channel, kinds);
  return kind === undefined ? [] : secretsIn(kind.options!, channel[kind.name]);
}

/** All secrets that a feed file names. */
export function feedSecrets(
  feed: { readonly source: FeedSource; readonly channels?: readonly FeedChannel[] | undefined },
  {
    sources,
    notifiers,
  }: { readonly sources: readonly SourceDescriptor[]; readonly notifiers: readonly NotifierDescriptor[] },
): NamedSecret[] {
  const ofChannels = (feed.channels ?? []).flatMap((channel) => channelSecrets(channel, notifiers));
  return [...sourceSecrets(feed, sources), ...ofChannels];
}

function secretsIn(schema: z.ZodType, options: unknown): NamedSecret[] {
  return secretPaths(schema).flatMap((path) => {
    const reference = path.reduce<unknown>((within, part) => (within as Options | undefined)?.[part], options);
    return typeof reference === 'string' ? [{ option: path.join('.'), reference }] : [];
  });
}

type Options = Readonly<Record<string, unknown>>;

/** Where in the options of a kind secrets stand: their schema says so, so that no list can forget one. */
function secretPaths(schema: z.core.$ZodType): string[][] {
  if (isSecret(schema)) return [[]];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return secretPaths(schema.unwrap());
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Readonly<Record<string, z.core.$ZodType>>).flatMap(([name, option]) =>
    secretPaths(option).map((path) => [name, ...path]),
  );
}
