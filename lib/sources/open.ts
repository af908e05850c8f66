import { kindOf } from '../core/feed/descriptors/source-descriptor.ts';
import { sourceSecrets } from '../core/feed/secrets.ts';
import type { Feed } from '../core/feed/spec.ts';
import type { Source } from '../ports/source.ts';
import type { SourceKind, Surroundings } from '../ports/source-kind.ts';
import { withRelogin } from './common/relogin.ts';

interface Opening extends Omit<Surroundings, 'confine'>, Partial<Pick<Surroundings, 'confine'>> {
  /** Resolves `env:NAME` and the like. */
  secret(reference: string): string | Promise<string>;
}

/** The source that a feed names, for one date. */
export async function openSource(
  feed: Pick<Feed, 'source'>,
  kinds: readonly SourceKind[],
  { secret, confine = async () => {}, ...surroundings }: Opening,
): Promise<Source> {
  const readSecrets = async () => {
    const values: Record<string, string> = {};
    for (const { option, reference } of sourceSecrets(feed, kinds)) values[option] = await secret(reference);
    return values;
  };
  const open = await kindOf<SourceKind>(feed.source, kinds).open(feed.source, { ...surroundings, confine });
  return withRelogin(readSecrets, open);
}
