import { basename, dirname, relative, resolve, sep } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { guessPattern, tableNameOf } from '../../../lib/core/infer/file-pattern.ts';
import { excerpt } from '../../../lib/core/shown-text.ts';
import type { SourceKind } from '../../../lib/ports/source-kind.ts';

type SourceOptions = Readonly<Record<string, unknown>>;

/** The folder of samples, as a feed file names it. */
export interface SamplePlace {
  /** With `{date}` or the like where the folder carries a date. */
  readonly source: SourceOptions;
  /** The folder of these samples alone. */
  readonly exact: SourceOptions;
  readonly names: readonly string[];
  readonly feed: string;
  /** The date that the folder or a file carries. */
  readonly date: string | null;
}

export interface PlaceOptions {
  /** Folder of the feed file, from which its source is named. */
  readonly from: string;
  readonly hostKey?: string | undefined;
  readonly sources: readonly SourceKind[];
}

/** The one folder of samples, which are paths or URLs. Throws USAGE. */
export function samplePlace(samples: readonly string[], { from, hostKey, sources }: PlaceOptions): SamplePlace {
  const urls = samples.flatMap((sample) => (/^[a-z][a-z0-9+.-]+:\/\//i.test(sample) ? [urlOf(sample)] : []));
  if (urls.length > 0 && urls.length < samples.length)
    throw new NightfeedError('USAGE', 'the samples of a feed are all paths, or all URLs');
  const paths =
    urls.length > 0 ? urls.map(({ pathname }) => decodeURIComponent(pathname)) : samples.map((path) => resolve(path));
  const [folder, ...others] = new Set(paths.map((path, index) => `${urls[index]?.host ?? ''}${dirname(path)}`));
  if (others.length > 0)
    throw new NightfeedError(
      'USAGE',
      `the samples of a feed are in one folder; received ${[folder, ...others].join(' and ')}`,
    );
  const names = paths.map((path) => basename(path));
  const feed = feedNameOf(names, dirname(paths[0]!));
  const [url] = urls;
  const inFeed = url ? dirname(paths[0]!) : relative(from, dirname(paths[0]!)) || '.';
  const { pattern, date } = guessPattern(inFeed);
  const password = `env:${feed.toUpperCase().replaceAll('-', '_')}_PASSWORD`;
  const named = (path: string): SourceOptions =>
    url ? sourceOf(url, sources, { path, password, hostKey }) : { folder: path };
  const dates = [date, ...names.map((name) => guessPattern(name).date)];
  return {
    source: named(pattern),
    exact: url ? named(inFeed) : { folder: dirname(paths[0]!) },
    names,
    feed,
    date: dates.find((each) => each !== null) ?? null,
  };
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new NightfeedError('USAGE', `${excerpt(text.replace(/:\/\/.*@/, '://…@'))} is no URL`);
  if (url.password !== '')
    throw new NightfeedError(
      'USAGE',
      `the URL of ${url.hostname} holds a password, which would stay in the history of the shell`,
      {
        hint: 'Leave the password out of the URL: it is read from an environment variable, which the feed file names as env:NAME.',
      },
    );
  return url;
}

function sourceOf(
  url: URL,
  sources: readonly SourceKind[],
  asked: Parameters<NonNullable<SourceKind['ofUrl']>>[1],
): SourceOptions {
  for (const kind of sources) {
    const found = kind.ofUrl?.(url, asked);
    if (found) return found;
  }
  throw new NightfeedError(
    'USAGE',
    `no kind of source reads ${url.protocol}//; expected ftp, ftps, sftp or s3, or a path`,
  );
}

/** The samples' own name when they are of one table, else that of their folder, or of the one above where it is named after a date. */
function feedNameOf(names: readonly string[], folder: string): string {
  const tables = [...new Set(names.map((name) => tableNameOf(name)))];
  const above = folder
    .split(sep)
    .reverse()
    .find((part) => part !== '' && guessPattern(part).date === null);
  const name = tables.length === 1 ? tables[0]! : tableNameOf(above ?? 'feed');
  return name.replaceAll('_', '-').replace(/-+$/, '');
}
