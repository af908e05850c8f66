/** A pattern for editors that takes each of these words in capitals and small letters, with blanks around it and its sizes; also arrays of elements. */
export function typePattern(words: Words, elements: Words): string {
  return `^ *(${[...written(words), ...databaseTypes, `(${written(elements).join('|')}) *\\[ *\\]`].join('|')}) *$`;
}

/** Names of types, and how many sizes they have. */
type Words = Readonly<Record<string, number>>;

const written = (words: Words) => Object.entries(words).map(([word, sizes]) => anyCase(word) + sizesPattern(sizes));

/** An enum, and citext in a schema: names in parentheses. */
const databaseTypes = [`${anyCase('enum')} *\\([^.()]+\\.[^.()]+\\)`, `${anyCase('citext')} *\\([^.()]+\\)`];

function sizesPattern(count: number): string {
  return count === 0 ? '' : ` *\\( *${Array.from({ length: count }, () => '\\d+').join(' *, *')} *\\)`;
}

function anyCase(word: string): string {
  return word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
