import type { z } from 'zod';
import { anyOf } from '../../any-of.ts';
import type { CloudRight } from '../../cloud/process-needs.ts';
import { NightfeedError } from '../../errors.ts';

/** What core knows of any source. Everything else in it is read by its kind alone. */
export interface FeedSource {
  readonly ignore_case?: boolean | undefined;
  readonly [option: string]: unknown;
}

/**
 * All that is known of a kind of source without opening one: feed schema, reference page, secrets, rights and ways out in the
 * cloud are made of it.
 */
export interface SourceDescriptor<Options extends SourceOptions = SourceOptions> {
  /** `source: {NAME: …}` in a feed file. */
  readonly name: string;
  /** What stands under `source`: the kind's name, and options beside it if there must be. */
  readonly options: Options;
  /** What a feed file reaches for. */
  reach(source: SourceOf<Options>): Reached;
  /** What a feed file says of the folder that a URL names; undefined for a URL of another kind. The folder is `path`, perhaps with a date in it. */
  ofUrl?(url: URL, asked: AskedByUrl): Readonly<Record<string, unknown>> | undefined;
  /** Without it, it lies on a machine of one's own, and no deployed feed can have it. */
  cloud?(source: SourceOf<Options>): CloudNeeds;
}

/**
 * Schemas by name. A date may stand in a `dated` text: one that is an option of the source itself, or the `path` among those
 * of its kind. A `secret` is an option of the kind, alone or within others.
 */
export type SourceOptions = Readonly<Record<string, z.ZodType>>;

export type SourceOf<Options extends SourceOptions> = z.output<z.ZodObject<Options>>;

/** What a URL does not say. */
interface AskedByUrl {
  readonly path: string;
  /** Where the password is, such as `env:SHOP_PASSWORD`. */
  readonly password: string;
  readonly hostKey?: string | undefined;
}

interface Reached {
  /** The server that is called, with its port; a bucket; a folder. */
  readonly place: string;
  /** What is sent there beside the secrets: names, never values. */
  readonly logins?: readonly string[];
}

export interface CloudNeeds {
  /** Options that only a machine of one's own can have. */
  readonly faults?: readonly { readonly option: string; readonly problem: string }[];
  /** Where it listens, by name or address. */
  readonly listeners?: readonly { readonly host: string; readonly ports: readonly [first: number, last: number] }[];
  /** What the roles of those who open it may do. */
  readonly rights?: readonly CloudRight[];
  /** A bucket of Amazon S3, as the option `bucket` names it, which must not be the lake. */
  readonly bucket?: string;
}

/** The kind of a source. Throws FEED_INVALID for one that is not on the list, such as another program's. */
export function kindOf<Kind extends SourceDescriptor = SourceDescriptor>(
  source: FeedSource,
  kinds: readonly NoInfer<Kind>[],
): Kind {
  const found = kinds.find(({ name }) => Object.hasOwn(source, name));
  if (found) return found;
  const names = anyOf(kinds.map(({ name }) => name));
  throw new NightfeedError('FEED_INVALID', `source: expected ${names}, received ${Object.keys(source).join(', ')}`);
}
