import type { RejectCode } from '../../records/reject.ts';
import type { Value } from './bad-value.ts';

/**
 * The text that PostgreSQL prints of a jsonb: names ordered by their length, then by their bytes; `, ` and `: ` between; numbers with as many
 * decimal places as were written, and without exponents. A name twice in one object is rejected, because jsonb would keep one of its values
 * and lose the others. `Jsonb` of glue-jobs/diff.py says the same for Spark, and DuckDB calls this function: SQL cannot say it.
 */
export function parseJsonb(raw: string): Value {
  if (/(^|[^\\])(\\\\)*\\u0000/.test(raw)) return { code: 'NUL_BYTE' };
  if (isTooDeep(raw)) return { code: 'TOO_DEEP' };
  try {
    // This parser says what JSON is; it does not keep how a number is written, nor a name that comes twice.
    JSON.parse(raw);
  } catch {
    return { code: 'FORMAT' };
  }
  const rewriter = new Rewriter(raw);
  const text = rewriter.text();
  return rewriter.fault === undefined ? { text } : { code: rewriter.fault };
}

/** PostgreSQL's parser calls itself for each level, and fails where its stack ends. */
const MAX_DEPTH = 200;

function isTooDeep(raw: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < raw.length; at += 1) {
    const mark = raw[at];
    if (isInText && mark === '\\') at += 1;
    else if (mark === '"') isInText = !isInText;
    else if (!isInText && (mark === '[' || mark === '{')) depth += 1;
    else if (!isInText && (mark === ']' || mark === '}')) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Faults of a text that is JSON; the first of them that it has counts. */
const faults = ['FORMAT', 'DUP_NAME', 'OVERFLOW', 'SCALE'] as const satisfies readonly RejectCode[];
type JsonbFault = (typeof faults)[number];

/** Reads a text that is JSON, and writes it as jsonb. */
class Rewriter {
  readonly #tokens: RegExpStringIterator<RegExpExecArray>;
  readonly #found = new Set<JsonbFault>();

  constructor(raw: string) {
    this.#tokens = raw.matchAll(/"(?:[^"\\]+|\\[\s\S])*"|[^\s,:"[\]{}]+|[[\]{}]/g);
  }

  text(): string {
    return this.#value(this.#next());
  }

  get fault(): JsonbFault | undefined {
    return faults.find((fault) => this.#found.has(fault));
  }

  #next(): string {
    return this.#tokens.next().value![0];
  }

  #value(token: string): string {
    if (token === '{') return this.#object();
    if (token === '[') return this.#list();
    if (token.startsWith('"')) return this.#written(JSON.parse(token));
    return /^[tfn]/.test(token) ? token : this.#number(token);
  }

  #list(): string {
    const values: string[] = [];
    for (let token = this.#next(); token !== ']'; token = this.#next()) values.push(this.#value(token));
    return `[${values.join(', ')}]`;
  }

  #object(): string {
    const members = new Map<string, string>();
    for (let token = this.#next(); token !== '}'; token = this.#next()) {
      const name: string = JSON.parse(token);
      if (members.has(name)) this.#found.add('DUP_NAME');
      members.set(name, `${this.#written(name)}: ${this.#value(this.#next())}`);
    }
    const ordered = [...members].map(([name, text]) => ({ bytes: Buffer.from(name), text }));
    ordered.sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes));
    return `{${ordered.map(({ text }) => text).join(', ')}}`;
  }

  /** PostgreSQL escapes what JavaScript escapes, in the same way. Half of a surrogate pair has no bytes. */
  #written(text: string): string {
    if (!text.isWellFormed()) this.#found.add('FORMAT');
    return JSON.stringify(text);
  }

  #number(token: string): string {
    const number = plainNumber(token);
    if (number.code) this.#found.add(number.code);
    return number.text ?? '';
  }
}

/** The longest double has 309 digits before the point, or 340 behind it. With more, seven bytes such as `1e99999` would become a hundred thousand. */
const MAX_DIGITS = 400;

/** A number as PostgreSQL's numeric prints it. */
function plainNumber(token: string): { text: string; code?: never } | { code: 'OVERFLOW' | 'SCALE'; text?: never } {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = numberPattern.exec(token)!;
  const digits = whole + fraction;
  const isZero = !/[1-9]/.test(digits);
  const point = whole.length + Number(exponent);
  const places = Math.max(0, fraction.length - Number(exponent));
  if (point > MAX_DIGITS && !isZero) return { code: 'OVERFLOW' };
  if (places > MAX_DIGITS) return { code: 'SCALE' };
  const front =
    isZero || point <= 0
      ? '0'
      : digits
          .slice(0, point)
          .padEnd(point, '0')
          .replace(/^0+(?=[0-9])/, '');
  const behind = isZero ? '0'.repeat(places) : '0'.repeat(Math.max(0, -point)) + digits.slice(Math.max(0, point));
  return { text: `${isZero ? '' : sign}${front}${places > 0 ? `.${behind}` : ''}` };
}

const numberPattern = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
