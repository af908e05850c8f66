import type { RunId } from '../core/run/keys.ts';

/** What the source showed, and when it showed that first. */
export interface Sighting {
  readonly sight: string;
  /** ISO instant, by the clock of the machine that looked. */
  readonly at: string;
}

/** Remembers the last look at a date's delivery, so that the next process need not begin anew. */
export interface Sightings {
  last(run: RunId): Promise<Sighting | null>;
  keep(run: RunId, fence: number, look: Sighting): Promise<void>;
}
