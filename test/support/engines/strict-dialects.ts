import { csv } from './csv.ts';
import { strictRead } from './strict-csv.ts';

type Fields = (string | null)[];

/** As `strictRead`, for fields with `||` between them. */
export function strictPipes(bytes: Buffer): Fields[] {
  const field = '(?:"(?:[^"]|"")*"|(?:(?!\\|\\|)[^"\\r\\n])*)';
  const record = new RegExp(`(${field}(?:\\|\\|${field})*)(\\r\\n|\\n)`, 'y');
  const fields = /(?<=^|\|\|)(?:"((?:[^"]|"")*)"|((?:(?!\|\|)[^"])*))(?=\|\||$)/g;
  return typed(bytes, record, (text) =>
    [...text.matchAll(fields)].map(([, quoted, plain]) =>
      quoted === undefined ? plain || null : quoted.replaceAll('""', '"'),
    ),
  );
}

const letters: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** As `strictRead`, for text of PostgreSQL's COPY. */
export function strictCopy(bytes: Buffer): Fields[] {
  return typed(bytes, /((?:[^\\\r\n]|\\[\s\S])*)(\n)/y, (text) => {
    const fields = [...text.matchAll(/(?<=^|\t)((?:[^\\\t]|\\[\s\S])*)(?=\t|$)/g)].map(([, field]) => field!);
    if (fields.some((field) => field !== '\\N' && /\\[^bfnrtv\\\t\r\n]/.test(field.replaceAll('\\\\', '')))) return [];
    return fields.map((field) =>
      field === '\\N' ? null : field.replaceAll(/\\([\s\S])/g, (_all, next: string) => letters[next] ?? next),
    );
  });
}

/** As `strictRead`, for the lines of COPY in a dump, whose header is known; numbers of bytes count too. */
export function strictCopyDump(bytes: Buffer): Fields[] {
  const lines = bytes.toString('latin1').replace(/^[\s\S]*?stdin;\n/, 'id\tname\tprice\tday\n');
  return typed(Buffer.from(lines, 'latin1'), /((?:[^\\\r\n]|\\[\s\S])*)(\n)/y, (text) =>
    tabbed(text).map((field) => (field === '\\N' ? null : unescaped(field, letters))),
  );
}

/** As `strictRead`, for what MySQL's `INTO OUTFILE` writes. */
export function strictOutfile(bytes: Buffer): Fields[] {
  const named = { 0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' };
  return typed(bytes, /((?:[^\\\r\n]|\\[\s\S])*)(\n)/y, (text) =>
    tabbed(text).map((field) =>
      field === '\\N' ? null : field.replaceAll(/\\([\s\S])/g, (_all, next: keyof typeof named) => named[next] ?? next),
    ),
  );
}

/** As `strictRead`, where a backslash makes text of what follows it, within quotes and without. */
export function strictBackslash(bytes: Buffer): Fields[] {
  const field = String.raw`(?:"(?:[^"\\]|\\["\\,\r\n])*"|(?:[^",\\\r\n]|\\["\\,\r\n])*)`;
  const record = new RegExp(`(${field}(?:,${field})*)(\\r\\n|\\n)`, 'y');
  return typed(bytes, record, (text) =>
    [...text.matchAll(new RegExp(`(?<=^|,)(?<!\\\\,)${field}(?=,|$)`, 'g'))].map(([each]) => {
      const isQuoted = each.startsWith('"');
      const inner = (isQuoted ? each.slice(1, -1) : each).replaceAll(/\\([\s\S])/g, '$1');
      return isQuoted ? inner : inner || null;
    }),
  );
}

/** Lines of fields in which a quote may be text. */
export function strictLazy(bytes: Buffer): Fields[] {
  return typed(bytes, /([^\r\n]*)(\r\n|\n|\r)/y, (text) =>
    [...text.matchAll(/(?<=^|,)(?:"(.*?)"|([^,]*))(?=,|$)/g)].map(([, quoted, plain]) => quoted ?? (plain || null)),
  );
}

function tabbed(text: string): string[] {
  return [...text.matchAll(/(?<=^|\t)((?:[^\\\t]|\\[\s\S])*)(?=\t|$)/g)].map(([, field]) => field!);
}

function unescaped(field: string, named: Readonly<Record<string, string>>): string {
  return field.replaceAll(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (_all, next: string) => {
    if (/^x./.test(next)) return String.fromCharCode(Number.parseInt(next.slice(1), 16));
    if (/^[0-7]/.test(next)) return String.fromCharCode(Number.parseInt(next, 8) & 255);
    return named[next] ?? next;
  });
}

/** Records one after the other; what is between them is left out up to a line end. */
function typed(bytes: Buffer, record: RegExp, split: (text: string) => Fields): Fields[] {
  const text = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  const rows: Fields[] = [];
  for (let at = 0; at < text.length; ) {
    record.lastIndex = at;
    const found = record.exec(text);
    if (found) rows.push(split(found[1]!));
    at = found ? at + found[0].length : text.indexOf('\n', at) + 1 || text.length;
  }
  return strictRead(Buffer.from(csv(rows), 'latin1'));
}
