import type { Feed } from '../../feed/spec.ts';

/** Something that starts the nights of a feed, as files for the program that will do so. */
export interface UnitFile {
  /** Where it belongs. */
  readonly path: string;
  readonly content: string;
}

export interface Starting {
  readonly feed: Feed & { readonly schedule: NonNullable<Feed['schedule']> };
  /** Absolute path of the feed file. */
  readonly feedFile: string;
  /** Program and first arguments of nightfeed, with absolute paths. */
  readonly program: readonly string[];
  /** Who runs it. */
  readonly user: string;
  /** Folder of lake and local state. */
  readonly home: string;
  /** The day in the schedule's zone. */
  readonly today: string;
  /** Names of the variables that the environment file has to have. */
  readonly variables: readonly string[];
}

/** Where the variables stand that no unit may show. */
export function environmentFile({ feed }: Starting): string {
  return `/etc/nightfeed/${feed.feed}.env`;
}

/** What a person still has to do before it works. */
export function aboutEnvironment(starting: Starting): string {
  const { variables } = starting;
  return `${environmentFile(starting)}, readable by its user alone, has to set ${variables.length === 0 ? 'nothing' : variables.join(', ')}.`;
}
