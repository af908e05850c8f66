import type { Dialect } from './options.ts';
import type { Token } from './tokens.ts';

/** What a statement is to those who only want rows. `other` may change rows, or nobody knows. */
export type StatementKind = 'insert' | 'copy' | 'create-table' | 'drop' | 'set' | 'silent' | 'other';

export function kindOf(tokens: readonly Token[]): StatementKind {
  const start = textOf(tokens.slice(0, START));
  if (/^INSERT INTO\b/.test(start)) return 'insert';
  if (/^COPY\b/.test(start)) return 'copy';
  if (/^SET\b/.test(start)) return 'set';
  if (/^DROP (TABLES?|SCHEMA|DATABASE)\b/.test(start)) return 'drop';
  if (createsTable.test(start)) return isFilled(tokens) ? 'other' : 'create-table';
  if (/^ALTER TABLE\b/.test(start)) return leavesRows(textOf(tokens)) ? 'silent' : 'other';
  return silent.some((pattern) => pattern.test(start)) ? 'silent' : 'other';
}

const START = 6;

const createsTable = /^CREATE (OR REPLACE |TEMPORARY |TEMP |UNLOGGED |FOREIGN |GLOBAL |LOCAL )*TABLE\b/;

/** Statements that say nothing about rows, by their first words. */
const silent: readonly RegExp[] = [
  /^(UNLOCK|LOCK) TABLES?\b/,
  /^(CREATE|ALTER|DROP|COMMENT ON|GRANT|REVOKE|START TRANSACTION|BEGIN|COMMIT|USE)\b/,
  /^CHANGE (MASTER|REPLICATION)\b/,
  /^SELECT PG_CATALOG \. (SET_CONFIG|SETVAL|LO_\w+) \(/,
];

/** What dumps do to a table beside its rows: keys, defaults, owners. */
const keepsRows =
  /^ALTER TABLE (ONLY |IF EXISTS )*[^ ]+( \. [^ ]+)? (OWNER TO|ADD (CONSTRAINT|PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|FOREIGN|CHECK)|DROP CONSTRAINT|ALTER COLUMN [^ ]+ (SET (DEFAULT|STATISTICS|STORAGE|NOT NULL|COMPRESSION)|ADD GENERATED)|(ENABLE|DISABLE|FORCE|NO FORCE|REPLICA|CLUSTER|ATTACH|INHERIT|AUTO_INCREMENT|VALIDATE|SET)|MODIFY .*AUTO_INCREMENT)\b/;

/** What it may do to them behind a comma. */
const changesRows =
  /\b(RENAME|CHANGE|TRUNCATE|EXCHANGE|DISCARD|CONVERT|TYPE)\b|\b(ADD|DROP) (?!(CONSTRAINT|PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|FOREIGN|CHECK|GENERATED)\b)/;

const leavesRows = (text: string) => keepsRows.test(text) && !changesRows.test(text);

/** A table of this name that was there is gone. */
export function replacesTable(tokens: readonly Token[]): boolean {
  return tokens[1]?.text === 'OR';
}

/** Words and signs; names and strings are only `x`. */
function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ kind, text }) => (kind === 'word' || kind === 'sign' ? text : 'x')).join(' ');
}

/** A table that is created with rows: from a SELECT, or AS something. AS also stands within parentheses, for computed columns. */
function isFilled(tokens: readonly Token[]): boolean {
  let depth = 0;
  return tokens.some(({ kind, text }) => {
    if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    return kind === 'word' && (text === 'SELECT' || (text === 'AS' && depth === 0));
  });
}

/** The database or schema that names without one are of behind this statement; undefined where it says none. */
export function enteredSchema(tokens: readonly Token[]): string | undefined {
  const [first, second] = tokens.map(({ text }) => text);
  if (first === 'USE') return tokens[1]?.written;
  if (first !== 'SET' || second !== 'SEARCH_PATH') return undefined;
  return tokens[3]?.written || undefined;
}

/** What a statement is called in a note. */
export function labelOf(tokens: readonly Token[]): string {
  const words = tokens
    .slice(0, 2)
    .flatMap(({ kind, text }) => (kind === 'word' && /^[A-Z]{1,20}$/.test(text) ? [text] : []));
  return /^(CREATE|ALTER|DROP|LOCK|UNLOCK|COMMENT)$/.test(words[0] ?? '') ? words.join(' ') : (words[0] ?? '');
}

/** A table as a statement names it, and the columns that it names. */
export interface Target {
  readonly table: string;
  readonly columns: readonly string[] | undefined;
}

export interface Created extends Target {
  /** The columns that hold bits. */
  readonly bits: readonly string[];
}

/** Of `INSERT INTO t (…) VALUES` and `COPY t (…) FROM stdin`; undefined where more or other words stand there. */
export function targetOf(tokens: readonly Token[], dialect: Dialect): Target | undefined {
  const isInsert = tokens[0]!.text === 'INSERT';
  const named = nameAt(tokens, isInsert ? 2 : 1, dialect);
  if (!named) return undefined;
  const listed = isSign(tokens[named.next], '(') ? columnList(tokens, named.next + 1, dialect) : undefined;
  if (listed === null) return undefined;
  const rest = textOf(tokens.slice(listed?.next ?? named.next));
  const isPlain = isInsert ? /^(OVERRIDING (SYSTEM|USER) VALUE )?VALUES$/.test(rest) : /^FROM STDIN$/.test(rest);
  return isPlain ? { table: named.name, columns: listed?.columns } : undefined;
}

/** The columns that CREATE TABLE declares; undefined where it lists none. */
export function createdTable(tokens: readonly Token[], dialect: Dialect): Created | undefined {
  const at = tokens.findIndex(({ kind, text }) => kind === 'word' && text === 'TABLE') + 1;
  const exists = textOf(tokens.slice(at, at + 3)) === 'IF NOT EXISTS' ? 3 : 0;
  const named = nameAt(tokens, at + exists, dialect);
  if (!named) return undefined;
  if (!isSign(tokens[named.next], '(')) return { table: named.name, columns: undefined, bits: [] };
  const columns: string[] = [];
  const bits: string[] = [];
  for (let index = named.next + 1, depth = 1, isFirst = true; index < tokens.length && depth > 0; index++) {
    const token = tokens[index]!;
    if (isFirst && !(token.kind === 'word' && constraints[dialect].has(token.text))) {
      columns.push(nameOf(token, dialect));
      if (isBits(tokens[index + 1])) bits.push(nameOf(token, dialect));
    }
    isFirst = depth === 1 && isSign(token, ',');
    depth += isSign(token, '(') ? 1 : isSign(token, ')') ? -1 : 0;
  }
  return { table: named.name, columns, bits };
}

const isBits = (type: Token | undefined) => type?.kind === 'word' && /^(BIT|VARBIT)$/.test(type.text);

/** What begins an entry of CREATE TABLE that is no column. Other words are names of columns in that dialect. */
const constraints: Record<Dialect, ReadonlySet<string>> = {
  mysql: new Set([
    'PRIMARY',
    'KEY',
    'UNIQUE',
    'CONSTRAINT',
    'INDEX',
    'FULLTEXT',
    'SPATIAL',
    'FOREIGN',
    'CHECK',
    'PERIOD',
  ]),
  postgres: new Set(['PRIMARY', 'UNIQUE', 'CONSTRAINT', 'FOREIGN', 'CHECK', 'LIKE']),
};

/** A table whose rows are rows of another one, too. */
export interface Child {
  readonly parent: string;
  readonly child: string;
}

/** What PostgreSQL's `ATTACH PARTITION`, `PARTITION OF`, `INHERIT` and `INHERITS` say. */
export function childrenIn(tokens: readonly Token[], dialect: Dialect): readonly Child[] {
  if (dialect !== 'postgres') return [];
  const isAltered = tokens[0]!.text === 'ALTER';
  let at = tokens.findIndex(({ kind, text }) => kind === 'word' && text === 'TABLE') + 1;
  while (/^(ONLY|IF|NOT|EXISTS)$/.test(tokens[at]?.kind === 'word' ? tokens[at]!.text : '')) at += 1;
  const subject = nameAt(tokens, at, dialect);
  if (at === 0 || !subject) return [];
  const found: Child[] = [];
  for (let index = subject.next; index < tokens.length; index++) {
    const words = textOf(tokens.slice(index, index + 2));
    const from = /^(ATTACH PARTITION|PARTITION OF|INHERITS \()$/.test(words) ? index + 2 : index + 1;
    const isOther = from === index + 2 || (isAltered && /^INHERIT\b/.test(words));
    let other = isOther ? nameAt(tokens, from, dialect) : undefined;
    while (other) {
      const [parent, child] = words === 'ATTACH PARTITION' ? [subject.name, other.name] : [other.name, subject.name];
      found.push({ parent, child });
      other =
        isSign(tokens[other.next], ',') && words.startsWith('INHERITS')
          ? nameAt(tokens, other.next + 1, dialect)
          : undefined;
    }
  }
  return found;
}

/** The tables that DROP TABLE names; undefined where a whole schema or database is dropped. */
export function droppedTables(tokens: readonly Token[], dialect: Dialect): readonly string[] | undefined {
  if (!/^TABLES?$/.test(tokens[1]!.text)) return undefined;
  const found: string[] = [];
  for (let at = textOf(tokens.slice(2, 4)) === 'IF EXISTS' ? 4 : 2; ; ) {
    const named = nameAt(tokens, at, dialect);
    if (!named) return found;
    found.push(named.name);
    at = named.next + 1;
  }
}

function nameAt(
  tokens: readonly Token[],
  from: number,
  dialect: Dialect,
): { readonly name: string; readonly next: number } | undefined {
  const parts: string[] = [];
  for (let at = from; ; at += 2) {
    const token = tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'name') return undefined;
    parts.push(nameOf(token, dialect));
    if (!isSign(tokens[at + 1], '.')) return { name: parts.join('.'), next: at + 1 };
  }
}

/** null where it is no list of names. */
function columnList(
  tokens: readonly Token[],
  from: number,
  dialect: Dialect,
): { readonly columns: string[]; readonly next: number } | null {
  const columns: string[] = [];
  for (let at = from; ; at += 2) {
    const token = tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'name') return null;
    columns.push(nameOf(token, dialect));
    if (isSign(tokens[at + 1], ')')) return { columns, next: at + 2 };
    if (!isSign(tokens[at + 1], ',')) return null;
  }
}

/** PostgreSQL reads a name without quotes in lower case. */
function nameOf({ kind, text, written }: Token, dialect: Dialect): string {
  if (kind === 'name') return text;
  return dialect === 'postgres' ? written.toLowerCase() : written;
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign;
}
