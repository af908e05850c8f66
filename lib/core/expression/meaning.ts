/**
 * Versions of the meaning of expressions. Stored objects keep the version that they were made under, so a change of meaning is a new version
 * here, and an entry in `core/feed/meaning.ts` with the expressions that it concerns. 1: a cast that does not fit is null. 2: it
 * fails.
 */
export type Meaning = 1 | 2;

export const newestMeaning: Meaning = 2;

/** An object without a version is from before versions existed. */
export const firstMeaning: Meaning = 1;

export function castsFail(meaning: Meaning): boolean {
  return meaning >= 2;
}
