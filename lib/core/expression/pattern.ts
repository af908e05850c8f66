import { ExpressionFault } from './fault.ts';

/**
 * A regular expression over the whole text, in the part of the language that JavaScript, RE2 and Java read alike, written so
 * that none of them can read it otherwise. Throws ExpressionFault for anything else.
 */
export function portablePattern(written: string): string {
  if (written.length > MAX_LENGTH)
    throw new ExpressionFault(`the pattern has ${written.length} characters; at most ${MAX_LENGTH} are allowed`, 0);
  const reader = new Reader(written);
  // The whole text has to fit anyway.
  if (reader.peek === '^') reader.take();
  const pattern = reader.alternatives(true);
  if (reader.peek !== undefined) throw reader.fault('this ) closes nothing');
  return pattern;
}

const MAX_LENGTH = 1000;
/** RE2's own limit. */
const MAX_REPEAT = 1000;
const MAX_DEPTH = 20;
const classes: Record<string, string> = { d: '0-9', w: 'A-Za-z0-9_', s: ' \\t\\n\\r\\f' };
const controls: Record<string, string> = { t: '\\t', n: '\\n', r: '\\r', f: '\\f' };
const allowed = 'allowed are characters, . [ ] ( ) (?: ) | ? * + {n,m} and \\d \\w \\s \\t \\n \\r \\f';

class Reader {
  readonly #letters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(written: string) {
    this.#letters = [...written];
  }

  get peek(): string | undefined {
    return this.#letters[this.#at];
  }

  take(): string {
    const letter = this.peek;
    if (letter === undefined) throw this.fault('the pattern ends too early');
    this.#at += 1;
    return letter;
  }

  alternatives(isOutermost = false): string {
    let result = this.#sequence(isOutermost);
    while (this.peek === '|') {
      this.take();
      if (isOutermost && (this.#letters[0] === '^' || this.#letters.at(-1) === '$'))
        throw this.fault('^ and $ hold for one alternative only: leave them out, the whole text has to fit anyway');
      result += `|${this.#sequence(false)}`;
    }
    return result;
  }

  fault(what: string): ExpressionFault {
    return new ExpressionFault(what, this.#at);
  }

  #sequence(isOutermost: boolean): string {
    let result = '';
    while (this.peek !== undefined && this.peek !== '|' && this.peek !== ')') {
      if (isOutermost && this.peek === '$' && this.#at === this.#letters.length - 1) {
        this.take();
        break;
      }
      result += this.#item() + this.#repeat();
    }
    return result;
  }

  #item(): string {
    const letter = this.take();
    if (letter === '.') return '[^\\n]';
    if (letter === '[') return this.#class();
    if (letter === '(') return this.#group();
    if (letter === '\\') return this.#escape((name) => `[${name}]`);
    if ('^$*+?{}]'.includes(letter)) throw this.fault(`${letter} means nothing here; ${allowed}`);
    return literal(letter);
  }

  #group(): string {
    if (this.peek === '?') {
      this.take();
      if (this.take() !== ':') throw this.fault(`of the groups with ? only (?: ) is allowed; ${allowed}`);
    }
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.fault(`more than ${MAX_DEPTH} groups within one another`);
    const inner = this.alternatives();
    if (this.peek !== ')') throw this.fault('this ( never closes');
    this.take();
    this.#depth -= 1;
    return `(?:${inner})`;
  }

  #class(): string {
    let result = '';
    const isNegated = this.peek === '^';
    if (isNegated) this.take();
    while (this.peek !== ']') {
      const from = this.#classItem();
      const isRange = this.peek === '-' && this.#letters[this.#at + 1] !== ']';
      if (!isRange) {
        result += from.text;
        continue;
      }
      this.take();
      const to = this.#classItem();
      if (from.code === undefined || to.code === undefined || from.code > to.code)
        throw this.fault('a range goes from one character to a later one');
      result += `${from.text}-${to.text}`;
    }
    this.take();
    if (result === '') throw this.fault('an empty class fits nothing');
    return `[${isNegated ? '^' : ''}${result}]`;
  }

  /** `code`: of a single character. */
  #classItem(): { text: string; code?: number } {
    const letter = this.take();
    if (letter === '[') throw this.fault('[ within a class is written \\[');
    if (letter !== '\\') return { text: literal(letter), code: letter.codePointAt(0)! };
    const next = this.peek;
    const text = this.#escape((name) => name);
    return next !== undefined && classes[next] ? { text } : { text, code: controlCode(next!) };
  }

  #escape(ofClass: (name: string) => string): string {
    const letter = this.take();
    if (classes[letter]) return ofClass(classes[letter]);
    if (controls[letter]) return controls[letter];
    if (/[A-Za-z0-9]/.test(letter)) throw this.fault(`\\${letter} is not read alike everywhere; ${allowed}`);
    return literal(letter);
  }

  #repeat(): string {
    const letter = this.peek;
    if (letter !== '*' && letter !== '+' && letter !== '?' && letter !== '{') return '';
    this.take();
    const times = letter === '{' ? this.#times() : letter;
    if (this.peek !== undefined && '*+?{'.includes(this.peek))
      throw this.fault(`a repetition of a repetition; ${allowed}`);
    return times;
  }

  #times(): string {
    let text = '';
    while (this.peek !== undefined && this.peek !== '}') text += this.take();
    const match = /^(\d{1,4})(,(\d{1,4})?)?$/.exec(text);
    const [low, high] = [Number(match?.[1]), Number(match?.[3] ?? match?.[1])];
    if (!match || this.peek === undefined || low > MAX_REPEAT || high > MAX_REPEAT || low > high)
      throw this.fault(`expected {n}, {n,} or {n,m} with at most ${MAX_REPEAT} repetitions`);
    this.take();
    return `{${text}}`;
  }
}

function controlCode(letter: string): number {
  const control = { t: 9, n: 10, r: 13, f: 12 }[letter];
  return control ?? letter.codePointAt(0)!;
}

/** Every ASCII character that could mean something is written by its number. */
export function literal(letter: string): string {
  const code = letter.codePointAt(0)!;
  if (code > 127 || /[A-Za-z0-9 ]/.test(letter)) return letter;
  return `\\x${code.toString(16).padStart(2, '0')}`;
}
