/** The form of a field's texts: which kinds of characters they have, and how long they are. */
export class FieldForm {
  readonly #kinds = new Set<string>();
  #longest = 0;

  learn(text: string): void {
    this.#longest = Math.max(this.#longest, text.length);
    for (const character of text) this.#kinds.add(kindOf(character));
  }

  /** Whether a text looks like the earlier ones. Numbers and codes may be one character longer, since they grow. */
  fits(text: string): boolean {
    return (
      text.length <= LEEWAY * (this.#longest + 2) && [...text].every((character) => this.#kinds.has(kindOf(character)))
    );
  }
}

const LEEWAY = 2;

/** Digits, upper and lower case letters are one kind each. Each punctuation mark is its own kind, because it says much about a text. */
function kindOf(character: string): string {
  if (/[0-9]/.test(character)) return '0';
  if (/\p{Lu}/u.test(character)) return 'A';
  return /\p{L}/u.test(character) ? 'a' : character;
}
