import type { RunId } from '../core/run/keys.ts';

/** What the source listed, and when it listed that for the first time. */
export interface Sighting {
  readonly sight: string;
  /** ISO instant, by the clock of the machine that listed. */
  readonly at: string;
}

/** Remembers the last listing of a date's delivery, so that the next process continues to wait instead of beginning anew. */
export interface Sightings {
  last(run: RunId): Promise<Sighting | null>;
  keep(run: RunId, fence: number, look: Sighting): Promise<void>;
}
