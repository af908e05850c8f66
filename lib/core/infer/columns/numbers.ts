import type { Doubt, GuessedColumn } from './guessed-column.ts';

const MAX_INTEGER = 2_147_483_647n;
const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Ways to write a decimal; the first that fits all values is meant. */
const forms = [
  { decimal: '.', thousands: undefined, pattern: /^[-+]?(\d*)(?:[.](\d*))?$/ },
  { decimal: ',', thousands: undefined, pattern: /^[-+]?(\d*)(?:[,](\d*))?$/ },
  { decimal: '.', thousands: ',', pattern: /^[-+]?([1-9]\d{0,2}(?:,\d{3})+|\d+)(?:[.](\d*))?$/ },
  { decimal: ',', thousands: '.', pattern: /^[-+]?([1-9]\d{0,2}(?:[.]\d{3})+|\d+)(?:[,](\d*))?$/ },
] as const;

/** Learns whether values are numbers, of which size, and how they are written. */
export class GuessedNumbers {
  #areIntegers = true;
  #largest = 0n;
  #smallest = MAX_BIGINT;
  #hasSign = false;
  #hasZerosBefore = false;
  #areDoubles = true;
  #hasExponent = false;
  /** Each mark that was met has three digits behind it, and a number without a zero before it. */
  #areGroups = true;
  #hasMark = false;
  readonly #sizes = forms.map((form) => ({ form, fits: true, whole: 0, fraction: 0 }));
  doubt: Doubt | undefined;

  add(text: string): void {
    if (!/^[-+]?\.?\d/.test(text)) {
      this.#areIntegers = false;
      this.#areDoubles = false;
      for (const size of this.#sizes) size.fits = false;
      return;
    }
    // Digits of a code: as a number it would lose them.
    if (/^[-+]?0\d/.test(text)) this.#hasZerosBefore = true;
    if (this.#areGroups) this.#areGroups = /^[-+]?([1-9]\d{0,2}([.,]\d{3})+|\d+)$/.test(text);
    if (/[.,]/.test(text)) this.#hasMark = true;
    if (this.#areIntegers) this.#addInteger(text);
    if (this.#areDoubles) {
      this.#areDoubles = /^[-+]?(\d+([.]\d*)?|[.]\d+)([eE][-+]?\d+)?$/.test(text) && Number.isFinite(Number(text));
      if (/e/i.test(text)) this.#hasExponent = true;
    }
    for (const size of this.#sizes) if (size.fits) measure(size, text);
  }

  guess(): GuessedColumn | undefined {
    if (this.#hasZerosBefore) {
      this.doubt = { question: 'digits that begin with 0 are a code here', choices: [] };
      return undefined;
    }
    if (this.#areIntegers && this.#largest <= MAX_BIGINT) {
      const [type, limit] = this.#largest <= MAX_INTEGER ? ['integer', MAX_INTEGER] : ['bigint', MAX_BIGINT];
      const epoch = this.#hasSign ? undefined : epochOf(this.#smallest, this.#largest);
      return { type, options: {}, margin: `up to ${this.#largest} of ${limit}`, ...(epoch ? { epoch } : {}) };
    }
    const fitting = this.#sizes.filter(({ fits }) => fits);
    const points = fitting.find(({ form }) => form.decimal === '.');
    const commas = fitting.find(({ form }) => form.decimal === ',');
    // 1,234 may be a thousand or one and a bit, and so may 1.234: nobody can tell by values alone.
    if (points && commas && this.#areGroups && this.#hasMark) {
      const choices = [points, commas].map((size) => {
        const mark = size.form.decimal;
        return { label: `${mark} is the decimal mark`, mark, ...decimal(size) };
      });
      this.doubt = { question: 'is the mark one of decimals, or of thousands?', choices };
      return undefined;
    }
    const [size] = fitting;
    if (size && size.whole + size.fraction <= 38) return decimal(size);
    return this.#areDoubles && (this.#hasExponent || size !== undefined) ? { type: 'double', options: {} } : undefined;
  }

  #addInteger(text: string): void {
    this.#areIntegers = /^[-+]?\d{1,19}$/.test(text);
    if (!this.#areIntegers) return;
    const value = BigInt(text.replace(/^[-+]/, ''));
    if (value > this.#largest) this.#largest = value;
    if (value < this.#smallest) this.#smallest = value;
    if (/^[-+]/.test(text)) this.#hasSign = true;
  }
}

/** What numbers count, if all of them may be moments of these years. */
function epochOf(smallest: bigint, largest: bigint): 's' | 'ms' | 'us' | undefined {
  const units = [
    ['s', 1n],
    ['ms', 1_000n],
    ['us', 1_000_000n],
  ] as const;
  return units.find(([, times]) => smallest >= SINCE_1990 * times && largest < UNTIL_2050 * times)?.[0];
}

const SINCE_1990 = 631_152_000n;
const UNTIL_2050 = 2_524_608_000n;

interface Size {
  readonly form: (typeof forms)[number];
  fits: boolean;
  whole: number;
  fraction: number;
}

function measure(size: Size, text: string): void {
  const match = size.form.pattern.exec(text);
  if (!match) {
    size.fits = false;
    return;
  }
  const { thousands } = size.form;
  const whole = thousands === undefined ? match[1]! : match[1]!.replaceAll(thousands, '');
  size.whole = Math.max(size.whole, whole.replace(/^0+/, '').length);
  size.fraction = Math.max(size.fraction, (match[2] ?? '').length);
}

function decimal({ form, whole, fraction }: Size): GuessedColumn {
  const precision = Math.max(1, whole + fraction);
  return {
    type: `decimal(${precision},${fraction})`,
    options: writtenSo(form),
    margin: `at most ${whole} digits before the mark and ${fraction} behind it were seen`,
  };
}

function writtenSo({ decimal, thousands }: Size['form']): GuessedColumn['options'] {
  if (decimal === '.' && thousands === undefined) return {};
  return { decimal, ...(thousands === undefined ? {} : { thousands }) };
}
