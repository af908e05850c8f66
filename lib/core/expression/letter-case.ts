const FIRST_LETTER = 0x41;
/** End of the Cyrillic supplement. Unicode no longer changes the blocks up to here. */
const LAST_LETTER = 0x52f;

/**
 * Letters that `lower` and `upper` change: those of Latin, Greek and Cyrillic with exactly one counterpart. JavaScript, DuckDB and
 * Java disagree about the others (ß, dotless ı, final sigma), so these stay as they are.
 */
export const { capitals, smalls } = pairs();

export const lowerCase = (text: string): string => translate(text, toSmall);
export const upperCase = (text: string): string => translate(text, toCapital);

function pairs(): { capitals: string; smalls: string } {
  const found = { capitals: '', smalls: '' };
  for (let code = FIRST_LETTER; code <= LAST_LETTER; code += 1) {
    const capital = String.fromCharCode(code);
    const small = capital.toLowerCase();
    if (small === capital || small.length !== 1 || small.toUpperCase() !== capital || small > '\u052f') continue;
    found.capitals += capital;
    found.smalls += small;
  }
  return found;
}

const toSmall = new Map([...capitals].map((letter, index) => [letter, smalls[index]!]));
const toCapital = new Map([...smalls].map((letter, index) => [letter, capitals[index]!]));

function translate(text: string, table: ReadonlyMap<string, string>): string {
  return [...text].map((letter) => table.get(letter) ?? letter).join('');
}
