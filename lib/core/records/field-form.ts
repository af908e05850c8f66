/** How the texts of a field look: which kinds of characters they have, and how long they are. */
export class FieldForm {
  readonly #kinds = new Set<string>();
  #longest = 0;

  learn(text: string): void {
    this.#longest = Math.max(this.#longest, text.length);
    for (const character of text) this.#kinds.add(kindOf(character));
  }

  /** Whether a text looks like those that were seen. Numbers and codes grow by a place now and then. */
  fits(text: string): boolean {
    return (
      text.length <= LEEWAY * (this.#longest + 2) && [...text].every((character) => this.#kinds.has(kindOf(character)))
    );
  }
}

const LEEWAY = 2;

/** Punctuation says much about a text, which letter of the alphabet it is says nothing. */
function kindOf(character: string): string {
  if (/[0-9]/.test(character)) return '0';
  if (/\p{Lu}/u.test(character)) return 'A';
  return /\p{L}/u.test(character) ? 'a' : character;
}
