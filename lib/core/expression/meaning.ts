/**
 * Versions of what expressions mean. What was stored under an earlier one keeps it, so a change of meaning is a version more
 * here, and an entry in `core/feed/meaning.ts` that says which tables it concerns. 1: a cast that does not fit is null. 2: it
 * fails.
 */
export type Meaning = 1 | 2;

export const newestMeaning: Meaning = 2;

/** What has no version of its own is from before there were any. */
export const firstMeaning: Meaning = 1;

export function castsFail(meaning: Meaning): boolean {
  return meaning >= 2;
}
