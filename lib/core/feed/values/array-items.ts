/** The elements of an array as texts, before their type reads them; null is a null element. */
export type ArrayItems = readonly (string | null)[];

/**
 * What an array's text says: as PostgreSQL prints it, such as `{a,"b c",NULL}`, as JSON, or, when a separator is declared, as items with it
 * between them. The first character tells the first two apart. Null for a text that is none of these, has an array or an object within, or
 * can be read in two ways.
 */
export function arrayItems(raw: string, separator: string | undefined): ArrayItems | null {
  const form = raw.startsWith('{') ? literal : raw.startsWith('[') ? json : undefined;
  if (separator !== undefined) return form && raw.endsWith(form.end) ? null : separatedItems(raw, separator);
  return form === undefined ? null : formItems(raw, form);
}

/** An item without a character could be a null, an empty text, or nothing; a text without one has no items. */
function separatedItems(raw: string, separator: string): ArrayItems | null {
  if (raw === '') return [];
  const items = raw.split(separator);
  return items.includes('') ? null : items;
}

interface Form {
  readonly end: string;
  readonly blanks: string;
  /** The text of an item in quotes, and of one without; undefined for what is no item. */
  quoted(token: string): string | undefined;
  bare(token: string): string | null | undefined;
}

/** PostgreSQL reads more than it prints, such as `{a\,b}`. What it prints has quotes around each backslash. */
const literal: Form = {
  end: '}',
  blanks: ' \t\n\v\f\r',
  quoted: (token) => token.slice(1, -1).replaceAll(/\\([\s\S])/g, '$1'),
  bare: (token) => (/^$|["\\{}]/.test(token) ? undefined : /^null$/i.test(token) ? null : token),
};

const json: Form = {
  end: ']',
  blanks: ' \t\n\r',
  quoted: (token) => {
    try {
      return JSON.parse(token) as string;
    } catch {
      return undefined;
    }
  },
  bare: (token) => (token === 'null' ? null : jsonScalar.test(token) ? token : undefined),
};

const jsonScalar = /^(true|false|-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?)$/;

function formItems(raw: string, form: Form): ArrayItems | null {
  const items: (string | null)[] = [];
  let at = behindBlanks(raw, 1, form);
  if (raw[at] === form.end) return at === raw.length - 1 ? items : null;
  for (;;) {
    const end = raw[at] === '"' ? quotedEnd(raw, at) : bareEnd(raw, at, form);
    const token = raw.slice(at, end);
    const item = raw[at] === '"' ? form.quoted(token) : form.bare(withoutBlanks(token, form));
    if (item === undefined) return null;
    items.push(item);
    at = behindBlanks(raw, end, form);
    if (raw[at] === form.end) return at === raw.length - 1 ? items : null;
    if (raw[at] !== ',') return null;
    at = behindBlanks(raw, at + 1, form);
  }
}

function behindBlanks(raw: string, from: number, { blanks }: Form): number {
  let at = from;
  while (at < raw.length && blanks.includes(raw[at]!)) at += 1;
  return at;
}

/** The place behind the closing quote. Where none closes, it is the text's end, behind which nothing closes the array. */
function quotedEnd(raw: string, from: number): number {
  for (let at = from + 1; at < raw.length; at += 1) {
    if (raw[at] === '"') return at + 1;
    if (raw[at] === '\\') at += 1;
  }
  return raw.length;
}

function bareEnd(raw: string, from: number, { end }: Form): number {
  let at = from;
  while (at < raw.length && raw[at] !== ',' && raw[at] !== end) at += 1;
  return at;
}

function withoutBlanks(token: string, { blanks }: Form): string {
  let end = token.length;
  while (end > 0 && blanks.includes(token[end - 1]!)) end -= 1;
  return token.slice(0, end);
}
