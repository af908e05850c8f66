import { lenientName } from '../../core/feed/identifier.ts';
import { otherKind, setFormat } from '../../core/infer/other-kind.ts';
import { excerpt } from '../../core/shown-text.ts';

/**
 * Refuses first lines that delimited text has: the names of the fields with delimiters between them, or lines of different lengths that all
 * have as many delimiters as there are fields, and none of the filling that fixed places need. Throws BAD_MAGIC.
 */
export function refuseDelimited(lines: readonly string[], names: readonly string[]): void {
  const delimiter = delimiters.find(
    (each) => isHeader(lines[0]!.split(each), names) || isTable(lines, each, names.length),
  );
  if (delimiter === undefined) return;
  const message = `the first line ${excerpt(lines[0]!)} looks like delimited text; expected fields at fixed places`;
  const way = setFormat(`{type: csv, delimiter: ${JSON.stringify(delimiter)}}`);
  throw otherKind(message, { name: 'delimited text', way }, 'fixed-width');
}

const delimiters = [',', ';', '\t', '|'];

function isHeader(texts: readonly string[], names: readonly string[]): boolean {
  const known = new Set(names.map(lenientName));
  const named = texts.filter((text) => known.has(lenientName(text.replaceAll('"', '')))).length;
  return texts.length > 1 && named * 2 > names.length;
}

function isTable(lines: readonly string[], delimiter: string, fields: number): boolean {
  if (lines.length < LEAST_LINES || fields < 2) return false;
  const isUnlike = new Set(lines.map((line) => line.length)).size > 1;
  return isUnlike && lines.every((line) => line.split(delimiter).length === fields && !line.includes('  '));
}

const LEAST_LINES = 3;
