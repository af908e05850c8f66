import { ExpressionFault } from './fault.ts';
import { type Token, tokens } from './tokens.ts';

/** A parsed expression, not checked yet. `at` is the place in the text, from 0. */
export type Syntax = { readonly at: number } & (
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'number' | 'text'; readonly text: string }
  | { readonly kind: 'constant'; readonly value: true | false | null }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Syntax[] }
  | { readonly kind: 'cast'; readonly of: Syntax; readonly type: string; readonly isTried: boolean }
  | { readonly kind: 'case'; readonly branches: readonly Branch[]; readonly otherwise: Syntax | null }
);

interface Branch {
  readonly when: Syntax;
  readonly result: Syntax;
}

/** Reads a whole expression. Throws ExpressionFault. */
export function parseExpression(text: string): Syntax {
  if (text.length > MAX_LENGTH)
    throw new ExpressionFault(`the expression has ${text.length} characters; at most ${MAX_LENGTH} are allowed`, 0);
  return new Parser(text).whole();
}

const MAX_LENGTH = 10_000;
/** Deeper nesting would exhaust the stack of some engine. */
const MAX_DEPTH = 60;
const comparisons = ['=', '<>', '!=', '<=', '>=', '<', '>'];
const keywords = new Set('and or not is null in between like case when then else end cast as true false'.split(' '));

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  whole(): Syntax {
    const found = this.#expression();
    if (this.#token.kind !== 'end') throw this.#unexpected('the end or an operator');
    return found;
  }

  #expression(): Syntax {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      throw new ExpressionFault(`more than ${MAX_DEPTH} expressions within one another`, this.#token.at);
    const found = this.#chain(['or'], () => this.#chain(['and'], () => this.#negation()));
    this.#depth -= 1;
    return found;
  }

  #negation(): Syntax {
    const { at } = this.#token;
    let times = 0;
    while (this.#take('not')) times += 1;
    const of = this.#comparison();
    return times % 2 === 0 ? of : call(at, 'not', of);
  }

  #comparison(): Syntax {
    const left = this.#concatenation();
    const { at } = this.#token;
    const operator = comparisons.find((candidate) => this.#take(candidate));
    if (operator) return call(at, operator === '!=' ? '<>' : operator, left, this.#concatenation());
    if (this.#take('is')) {
      const isNot = this.#take('not');
      this.#expect('null');
      return negated(isNot, call(at, 'is_null', left));
    }
    const isNot = this.#take('not');
    if (this.#take('in')) {
      this.#expect('(');
      return negated(isNot, { at, kind: 'call', name: 'in', args: [left, ...this.#list()] });
    }
    if (this.#take('between')) {
      const low = this.#concatenation();
      this.#expect('and');
      return negated(isNot, call(at, 'and', call(at, '>=', left, low), call(at, '<=', left, this.#concatenation())));
    }
    if (this.#take('like')) return negated(isNot, call(at, 'like', left, this.#concatenation()));
    if (isNot) throw this.#unexpected('in, between or like');
    return left;
  }

  #concatenation(): Syntax {
    return this.#chain(['||'], () => this.#chain(['+', '-'], () => this.#chain(['*', '/'], () => this.#signed())));
  }

  #signed(): Syntax {
    const { at } = this.#token;
    if (!this.#take('-')) return this.#primary();
    const { kind, text } = this.#token;
    if (kind !== 'number')
      return call(
        at,
        'minus',
        this.#nested(() => this.#signed()),
      );
    this.#next += 1;
    return { at, kind: 'number', text: `-${text}` };
  }

  #primary(): Syntax {
    const { kind, text, at } = this.#token;
    if (this.#take('(')) {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    if (kind === 'number' || kind === 'text') {
      this.#next += 1;
      return { at, kind, text };
    }
    if (this.#take('true')) return { at, kind: 'constant', value: true };
    if (this.#take('false')) return { at, kind: 'constant', value: false };
    if (this.#take('null')) return { at, kind: 'constant', value: null };
    if (this.#take('case')) return this.#case(at);
    if (this.#take('cast')) return this.#cast(at, false);
    const isName = kind === 'quoted' || (kind === 'word' && !keywords.has(text.toLowerCase()));
    if (!isName) throw this.#unexpected('a value');
    this.#next += 1;
    // Not a keyword, because a column may have this name.
    if (kind === 'word' && text.toLowerCase() === 'try_cast' && this.#isSign('(')) return this.#cast(at, true);
    if (kind === 'word' && this.#take('('))
      return { at, kind: 'call', name: text.toLowerCase(), args: this.#take(')') ? [] : this.#list() };
    return { at, kind: 'column', name: text };
  }

  #case(at: number): Syntax {
    const subject = this.#isWord('when') ? null : this.#expression();
    const branches: Branch[] = [];
    while (this.#take('when')) {
      const place = this.#token.at;
      const when = this.#expression();
      this.#expect('then');
      branches.push({ when: subject ? call(place, '=', subject, when) : when, result: this.#expression() });
    }
    if (branches.length === 0) throw this.#unexpected('when');
    const otherwise = this.#take('else') ? this.#expression() : null;
    this.#expect('end');
    return { at, kind: 'case', branches, otherwise };
  }

  #cast(at: number, isTried: boolean): Syntax {
    this.#expect('(');
    const of = this.#expression();
    this.#expect('as');
    let type = '';
    while (!(this.#isSign(')') && (!type.includes('(') || type.includes(')'))) && this.#token.kind !== 'end') {
      type += this.#token.text;
      this.#next += 1;
    }
    this.#expect(')');
    return { at, kind: 'cast', of, type, isTried };
  }

  /** Expressions up to the closing parenthesis. */
  #list(): Syntax[] {
    const found = [this.#expression()];
    while (this.#take(',')) found.push(this.#expression());
    this.#expect(')');
    return found;
  }

  #chain(operators: readonly string[], operand: () => Syntax): Syntax {
    let left = operand();
    for (;;) {
      const { at } = this.#token;
      const operator = operators.find((candidate) => this.#take(candidate));
      if (!operator) return left;
      left = call(at, operator, left, operand());
    }
  }

  #nested(work: () => Syntax): Syntax {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ExpressionFault('too many signs', this.#token.at);
    const found = work();
    this.#depth -= 1;
    return found;
  }

  get #token(): Token {
    return this.#tokens[this.#next]!;
  }

  #isWord(word: string): boolean {
    return this.#token.kind === 'word' && this.#token.text.toLowerCase() === word;
  }

  #isSign(sign: string): boolean {
    return this.#token.kind === 'sign' && this.#token.text === sign;
  }

  #take(what: string): boolean {
    const isThere = this.#isWord(what) || this.#isSign(what);
    if (isThere) this.#next += 1;
    return isThere;
  }

  #expect(what: string): void {
    if (!this.#take(what)) throw this.#unexpected(what);
  }

  #unexpected(wanted: string): ExpressionFault {
    const { kind, text, at } = this.#token;
    return new ExpressionFault(`found ${kind === 'end' ? 'the end' : JSON.stringify(text)} instead of ${wanted}`, at);
  }
}

function call(at: number, name: string, ...args: Syntax[]): Syntax {
  return { at, kind: 'call', name, args };
}

function negated(isNot: boolean, of: Syntax): Syntax {
  return isNot ? call(of.at, 'not', of) : of;
}
