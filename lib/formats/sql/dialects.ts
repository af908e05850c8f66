import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Dialect, SqlFormat } from './options.ts';

/** The comment that ends a dump. */
export const endMarks: Record<Dialect, RegExp> = {
  mysql: /^-- Dump completed\b/,
  postgres: /^-- PostgreSQL database dump complete$/,
};

/** The comments that begin one. */
const openings: Record<Dialect, RegExp> = {
  mysql: /^-- (MySQL|MariaDB) dump\b|^-- phpMyAdmin SQL Dump$/,
  postgres: /^-- PostgreSQL database (cluster )?dump$/,
};

/** The dialect of a dump by its first lines, which are comments, and by the feed file. Throws SQL_DIALECT where these do not say one. */
export function dialectOf(start: Buffer, declared: Dialect | undefined): Dialect {
  const found = new Set<Dialect>();
  let first = '';
  for (const line of start.toString('utf8', 0, START_BYTES).split('\n')) {
    const text = line.trimEnd();
    if (!/^(--|\/\*|\\restrict |$)/.test(text)) break;
    first ||= text;
    for (const dialect of ['mysql', 'postgres'] as const) if (openings[dialect].test(text)) found.add(dialect);
  }
  const [said] = found;
  if (found.size < 2 && said !== undefined && (declared ?? said) === said) return said;
  if (found.size === 0 && declared !== undefined) return declared;
  const shown = excerpt(first || start.toString('utf8', 0, SHOWN_BYTES), SHOWN_BYTES);
  const message =
    said === undefined
      ? `no comment at the start ${shown} says who wrote the dump; say it with \`format.dialect: mysql\` or \`postgres\``
      : declared === undefined
        ? `the first comments ${shown} are those of several programs; say with \`format.dialect\` which wrote the dump`
        : `the first comments ${shown} are those of ${said}; expected ${declared}`;
  throw new NightfeedError('SQL_DIALECT', message);
}

const START_BYTES = 4096;
const SHOWN_BYTES = 100;

/** Encodings by the names that dumps have for them. MySQL's `latin1` is windows-1252. */
const encodings: Readonly<Record<string, readonly string[]>> = {
  utf8: ['utf-8'],
  utf8mb3: ['utf-8'],
  utf8mb4: ['utf-8'],
  unicode: ['utf-8'],
  latin1: ['latin-1', 'iso-8859-1', 'windows-1252'],
  win1252: ['windows-1252'],
};

/** Refuses a dump that says another encoding than the feed file. Names that both have in common but for their writing are the same. */
export function refuseEncoding(said: string, { encoding }: SqlFormat): void {
  // The server did not know: the bytes tell.
  if (plain(said) === 'sqlascii') return;
  const meant = encodings[plain(said)] ?? [said];
  if (meant.some((name) => plain(name) === plain(encoding))) return;
  throw new NightfeedError('ENCODING', `the dump says that its text is ${excerpt(said)}; expected ${encoding}`, {
    hint: 'Production is untouched. Compare the dump with `format.encoding` in the feed file.',
  });
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '');
}
