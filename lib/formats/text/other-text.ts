import { NightfeedError } from '../../core/errors.ts';
import { dumpStart, jsonTypeOf } from '../../core/infer/likeness.ts';
import { excerpt } from '../../core/shown-text.ts';

/**
 * Refuses a text that begins as no table does: where no header is expected and fields are texts, a server's error page would become rows.
 * Throws BAD_MAGIC.
 */
export function refuseOtherText(start: string, expected: string): void {
  const text = start.slice(0, LOOKED_AT).trimStart();
  const [line = ''] = text.split(/[\r\n]/, 1);
  const found = kindOf(text, line);
  if (found === undefined) return;
  throw new NightfeedError('BAD_MAGIC', `the file begins like ${found}, ${excerpt(line)}; expected ${expected} text`);
}

function kindOf(text: string, line: string): string | undefined {
  if (/^<(\?xml|!doctype|html|head|body)\b/i.test(line)) return 'XML or an HTML page';
  if (jsonTypeOf(line) !== undefined) return 'JSON';
  // A row may begin with the word COPY, too.
  return dumpStart.test(text) && /^(--|\/\*|\\)|([;(]|values)\s*$/i.test(line) ? 'a dump of SQL' : undefined;
}

const LOOKED_AT = 4096;
