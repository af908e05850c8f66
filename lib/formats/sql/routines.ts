import { otherStatement } from './refusals.ts';
import { kindOf } from './statements.ts';
import { Tokens } from './tokens.ts';

/**
 * Behind statements between `DELIMITER ;;` and `DELIMITER ;`, as mysqldump writes triggers and functions: they are created and not executed.
 * null where none stand, undefined when more bytes may belong to them. Throws SQL_STATEMENT for others.
 */
export function routinesEnd(bytes: Buffer, at: number): number | null | undefined {
  const start = bytes.toString('latin1', at, at + MAX_LINE);
  const opening = /^DELIMITER[ \t]+(\S{1,8})[ \t]*\r?\n/i.exec(start);
  if (!opening) return /^DELIMITER\b[^\n]*$/i.test(start) && start.length < MAX_LINE ? undefined : null;
  const from = at + opening[0].length;
  const closing = bytes.indexOf(CLOSING, from - 1);
  if (closing < 0) return undefined;
  for (const statement of bytes.toString('utf8', from, closing + 1).split(opening[1]!)) {
    const found = new Tokens('mysql').statement(Buffer.from(`${statement};`), 0, true);
    if (!found || (found.tokens.length > 0 && !/^(silent|set)$/.test(kindOf(found.tokens))))
      throw otherStatement('a statement behind DELIMITER may change rows', bytes, at);
  }
  return closing + CLOSING.length;
}

const MAX_LINE = 64;
const CLOSING = '\nDELIMITER ;';
