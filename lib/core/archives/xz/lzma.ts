import { evenBits, Malformed, RangeDecoder } from './range-decoder.ts';
import type { Window } from './window.ts';

/** Unpacks chunks of LZMA into a window. Its models and its state last from one chunk to the next. */
export class Lzma {
  readonly #window: Window;
  readonly #range = new RangeDecoder();
  #literalContext = 0;
  #literalPlace = 0;
  #place = 0;
  #state = 0;
  /** The last distances, the newest first. */
  #distance0 = 1;
  #distance1 = 1;
  #distance2 = 1;
  #distance3 = 1;
  #literals = evenBits(0);
  #isMatch = evenBits(0);
  #isRepeat = evenBits(0);
  #isRepeat0 = evenBits(0);
  #isRepeat1 = evenBits(0);
  #isRepeat2 = evenBits(0);
  #isRepeat0Long = evenBits(0);
  #slots = evenBits(0);
  #special = evenBits(0);
  #align = evenBits(0);
  #matchLengths = new Lengths();
  #repeatLengths = new Lengths();

  constructor(window: Window) {
    this.#window = window;
  }

  /** What the byte of properties says of the models. Throws Malformed. */
  configure(properties: number): void {
    const context = properties % 9;
    const rest = Math.floor(properties / 9);
    const literalPlace = rest % 5;
    if (properties >= 9 * 5 * 5 || context + literalPlace > 4) throw new Malformed('its properties are none');
    this.#literalContext = context;
    this.#literalPlace = literalPlace;
    this.#place = Math.floor(rest / 5);
    this.reset();
  }

  reset(): void {
    this.#state = 0;
    this.#distance0 = this.#distance1 = this.#distance2 = this.#distance3 = 1;
    this.#literals = evenBits(LITERAL << (this.#literalContext + this.#literalPlace));
    this.#isMatch = evenBits(STATES << MAX_PLACE);
    this.#isRepeat = evenBits(STATES);
    this.#isRepeat0 = evenBits(STATES);
    this.#isRepeat1 = evenBits(STATES);
    this.#isRepeat2 = evenBits(STATES);
    this.#isRepeat0Long = evenBits(STATES << MAX_PLACE);
    this.#slots = evenBits(LENGTH_CLASSES << SLOT_BITS);
    this.#special = evenBits(SPECIAL_DISTANCES);
    this.#align = evenBits(1 << ALIGN_BITS);
    this.#matchLengths = new Lengths();
    this.#repeatLengths = new Lengths();
  }

  /** Unpacks a chunk to exactly so many bytes. Throws Malformed. */
  unpack(packed: Buffer, size: number): void {
    const window = this.#window;
    const range = this.#range;
    range.begin(packed);
    const end = window.at + size;
    const places = (1 << this.#place) - 1;
    while (window.at < end) {
      const place = window.place & places;
      if (range.bit(this.#isMatch, (this.#state << MAX_PLACE) + place) === 0) this.#literal();
      else {
        const length = this.#match(place);
        const distance = this.#distance0;
        if (!window.reaches(distance)) throw new Malformed('it repeats what was never there');
        if (length > end - window.at) throw new Malformed('it is longer than it says');
        window.repeat(distance, length);
      }
    }
    if (!range.endsHere()) throw new Malformed('its end is not where it says');
  }

  #literal(): void {
    const window = this.#window;
    const { bytes, at } = window;
    const before = window.reaches(1) ? bytes[at - 1]! : 0;
    const context = this.#literalContext;
    const place = window.place & ((1 << this.#literalPlace) - 1);
    const from = LITERAL * ((place << context) + (before >>> (8 - context)));
    const [range, model] = [this.#range, this.#literals];
    let symbol = 1;
    if (this.#state >= AFTER_LITERAL) {
      const distance = this.#distance0;
      if (!window.reaches(distance)) throw new Malformed('it repeats what was never there');
      let expected = bytes[at - distance]!;
      let offset = 0x100;
      while (symbol < 0x100) {
        expected <<= 1;
        const wanted = expected & offset;
        const bit = range.bit(model, from + offset + wanted + symbol);
        symbol = (symbol << 1) | bit;
        offset &= bit === 1 ? expected : ~expected;
      }
    } else while (symbol < 0x100) symbol = (symbol << 1) | range.bit(model, from + symbol);
    bytes[at] = symbol & 0xff;
    window.at = at + 1;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** The length of what is repeated; its distance becomes the newest. */
  #match(place: number): number {
    const [range, state] = [this.#range, this.#state];
    const afterLiteral = state < AFTER_LITERAL;
    if (range.bit(this.#isRepeat, state) === 0) {
      const length = this.#matchLengths.read(range, place);
      this.#distance3 = this.#distance2;
      this.#distance2 = this.#distance1;
      this.#distance1 = this.#distance0;
      this.#distance0 = this.#distance(length);
      this.#state = afterLiteral ? 7 : 10;
      return length;
    }
    if (range.bit(this.#isRepeat0, state) === 0) {
      if (range.bit(this.#isRepeat0Long, (state << MAX_PLACE) + place) === 0) {
        this.#state = afterLiteral ? 9 : 11;
        return 1;
      }
    } else {
      this.#distance0 = this.#olderDistance(state);
    }
    this.#state = afterLiteral ? 8 : 11;
    return this.#repeatLengths.read(range, place);
  }

  /** One of the older distances; those that are newer than it move back. */
  #olderDistance(state: number): number {
    const newest = this.#distance0;
    let found = this.#distance1;
    if (this.#range.bit(this.#isRepeat1, state) === 1) {
      found = this.#distance2;
      if (this.#range.bit(this.#isRepeat2, state) === 1) {
        found = this.#distance3;
        this.#distance3 = this.#distance2;
      }
      this.#distance2 = this.#distance1;
    }
    this.#distance1 = newest;
    return found;
  }

  #distance(length: number): number {
    const range = this.#range;
    const lengthClass = Math.min(length - MIN_LENGTH, LENGTH_CLASSES - 1);
    const slot = range.tree(this.#slots, lengthClass << SLOT_BITS, SLOT_BITS);
    if (slot < 4) return slot + 1;
    const bits = (slot >>> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + range.reversedTree(this.#special, base - slot - 1, bits) + 1;
    const high = range.direct(bits - ALIGN_BITS) * 2 ** ALIGN_BITS;
    return base + high + range.reversedTree(this.#align, 0, ALIGN_BITS) + 1;
  }
}

const MAX_PLACE = 4;
const STATES = 12;
/** States from this one on follow something that was repeated. */
const AFTER_LITERAL = 7;
const LITERAL = 0x300;
const LENGTH_CLASSES = 4;
const SLOT_BITS = 6;
const ALIGN_BITS = 4;
const SPECIAL_DISTANCES = 128;
const MIN_LENGTH = 2;

/** The model of lengths. */
class Lengths {
  readonly #choices = evenBits(2);
  readonly #low = evenBits(1 << (MAX_PLACE + 3));
  readonly #middle = evenBits(1 << (MAX_PLACE + 3));
  readonly #high = evenBits(1 << 8);

  read(range: RangeDecoder, place: number): number {
    if (range.bit(this.#choices, 0) === 0) return MIN_LENGTH + range.tree(this.#low, place << 3, 3);
    if (range.bit(this.#choices, 1) === 0) return MIN_LENGTH + 8 + range.tree(this.#middle, place << 3, 3);
    return MIN_LENGTH + 16 + range.tree(this.#high, 0, 8);
  }
}
