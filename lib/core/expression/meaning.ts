/**
 * Versions of the meaning of expressions. Stored objects keep the version that they were made under, so a change of meaning is a new version
 * here, and an entry in `core/feed/meaning.ts` with what it concerns. 1: a cast that does not fit is null. 2: it fails. 3: `a{02}`
 * in a pattern is `aa`; DuckDB took it for these five characters. 4: columns may be spelled in their vendor's way, which an older
 * version would read as the plain one. 5: a text so near to 0 that a double cannot tell it from 0 is none; it was 0.
 */
export type Meaning = 1 | 2 | 3 | 4 | 5;

export const newestMeaning: Meaning = 5;

/** An object without a version is from before versions existed. */
export const firstMeaning: Meaning = 1;

export function castsFail(meaning: Meaning): boolean {
  return meaning >= 2;
}

/** Whether patterns have only what all engines read alike and can compile. */
export function patternsAreAlike(meaning: Meaning): boolean {
  return meaning >= 3;
}
