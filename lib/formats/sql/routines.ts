/** Statements between `DELIMITER ;;` and `DELIMITER ;`, as mysqldump writes triggers and functions. */
export interface Routines {
  readonly statements: readonly string[];
  readonly end: number;
}

/** null where no DELIMITER stands, undefined when more bytes may belong to it. */
export function routinesAt(bytes: Buffer, at: number): Routines | null | undefined {
  const start = bytes.toString('latin1', at, at + 64);
  const opening = /^DELIMITER[ \t]+(\S{1,8})[ \t]*\r?\n/i.exec(start);
  if (!opening) return /^DELIMITER\b[^\n]*$/i.test(start) && start.length < 64 ? undefined : null;
  const from = at + opening[0].length;
  const closing = bytes.indexOf('\nDELIMITER ;', from - 1);
  if (closing < 0) return undefined;
  const end = closing + '\nDELIMITER ;'.length;
  return { statements: bytes.toString('utf8', from, closing + 1).split(opening[1]!), end };
}
