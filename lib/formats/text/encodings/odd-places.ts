import { type EncodingName, oftenMeant } from './names.ts';

/** Where a file has bytes that its encoding does not have. */
export class OddPlaces {
  readonly #encoding: EncodingName;
  #count = 0;
  #first = '';

  constructor(encoding: EncodingName) {
    this.#encoding = encoding;
  }

  /** `at` is where they begin in the file; `places` are there from here on. */
  add(bytes: Buffer, at: number, places = 1): void {
    if (this.#count === 0) this.#first = `0x${bytes.toString('hex').toUpperCase()} at byte ${at}`;
    this.#count += places;
  }

  get notes(): string[] {
    if (this.#count === 0) return [];
    const often = oftenMeant(this.#encoding);
    const hint = often === undefined ? '' : `; the file may be ${often}`;
    return [`bytes that ${this.#encoding} does not have in ${this.#count} place(s), the first ${this.#first}${hint}`];
  }
}
