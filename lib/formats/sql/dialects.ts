import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import { encodingNamed } from '../text/encodings/named.ts';
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

/** What MySQL calls otherwise. Its `latin1` is windows-1252, and nobody who says latin-1 means another one there. */
const mysqlNames: Readonly<Record<string, readonly string[]>> = {
  utf8mb3: ['utf-8'],
  utf8mb4: ['utf-8'],
  latin1: ['windows-1252', 'latin-1'],
};

/** Refuses a dump that says another encoding than the feed file. */
export function refuseEncoding(said: string, { encoding }: SqlFormat): void {
  const name = said.toLowerCase();
  // The server did not know: the bytes tell.
  if (name === 'sql_ascii') return;
  const meant = mysqlNames[name] ?? [encodingNamed(name)];
  if (meant.includes(encoding)) return;
  throw new NightfeedError('ENCODING', `the dump says that its text is ${excerpt(said)}; expected ${encoding}`, {
    hint: 'Production is untouched. Compare the dump with `format.encoding` in the feed file.',
  });
}
