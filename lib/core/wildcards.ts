/** The characters of a pattern that stand for others. */
export interface Wildcards {
  readonly anyText: string;
  readonly anyCharacter: string;
}

/**
 * Whether a text fits a pattern with wildcards. Where the text does not go on as the pattern does, only the last wildcard for
 * any text takes a character more: no earlier one ever needs to, for what stands behind it was found as early as it can be.
 * So it takes no more steps than both lengths multiplied. It goes by characters, so that half of one fits no whole one.
 */
export function fitsWildcards(text: string, pattern: string, wildcards: Wildcards): boolean {
  const anyText = wildcards.anyText.codePointAt(0)!;
  const anyCharacter = wildcards.anyCharacter.codePointAt(0)!;
  let [at, next] = [0, 0];
  let [behindLast, endOfLast] = [-1, 0];
  while (at < text.length) {
    const letter = text.codePointAt(at)!;
    const wanted = pattern.codePointAt(next);
    if (wanted === anyText) {
      behindLast = ++next;
      endOfLast = at;
    } else if (wanted === anyCharacter || wanted === letter) {
      at += unitsOf(letter);
      next += unitsOf(wanted);
    } else if (behindLast >= 0) {
      endOfLast += unitsOf(text.codePointAt(endOfLast)!);
      at = endOfLast;
      next = behindLast;
    } else return false;
  }
  while (pattern.codePointAt(next) === anyText) next += 1;
  return next === pattern.length;
}

const unitsOf = (codePoint: number) => (codePoint > 0xffff ? 2 : 1);
