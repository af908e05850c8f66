/** A pattern for editors that takes each of these words in capitals and small letters, with blanks around it and its sizes. */
export function typePattern(words: Readonly<Record<string, number>>): string {
  const types = Object.entries(words).map(([word, sizes]) => anyCase(word) + sizesPattern(sizes));
  return `^ *(${[...types, ...databaseTypes].join('|')}) *$`;
}

/** An enum, and citext in a schema: names in parentheses. */
const databaseTypes = [`${anyCase('enum')} *\\([^.()]+\\.[^.()]+\\)`, `${anyCase('citext')} *\\([^.()]+\\)`];

function sizesPattern(count: number): string {
  return count === 0 ? '' : ` *\\( *${Array.from({ length: count }, () => '\\d+').join(' *, *')} *\\)`;
}

function anyCase(word: string): string {
  return word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
