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
