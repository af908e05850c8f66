import { guessCut } from './delimiter.ts';
import { guessEncoding } from './encoding.ts';
import { guessLayout } from './layout.ts';
import { guessTrailer } from './trailer.ts';

/** How the bytes of a file become fields, as far as it differs from what a feed file says by itself. */
export interface GuessedFormat {
  readonly options: Readonly<Record<string, unknown>>;
  /** Column names, where the file names none. */
  readonly names: readonly string[] | undefined;
  /** Why; for comments. */
  readonly reasons: readonly string[];
}

/** Characters of the text that are looked at. */
const LOOKED_AT = 400_000;

/** Guesses the format of delimited text, of which `bytes` are a sample. */
export function guessFormat(bytes: Buffer, isWhole: boolean): GuessedFormat {
  const { encoding, reason } = guessEncoding(bytes);
  const text = decoded(bytes, encoding);
  const isAll = isWhole && text.length <= LOOKED_AT;
  const looked = text.slice(0, LOOKED_AT);
  const cut = guessCut(looked, isAll);
  if (cut === null) {
    const lines = looked.split(/\r?\n/, 50).filter((line) => line !== '');
    const isNamed = /^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(lines[0] ?? '') && !lines.slice(1).includes(lines[0]!);
    const options = { ...(encoding === 'utf-8' ? {} : { encoding }), ...(isNamed ? {} : { header: false }) };
    return { options, names: isNamed ? undefined : ['column_1'], reasons: ['no delimiter cuts the lines alike'] };
  }
  const layout = guessLayout(cut);
  const trailer = isWhole ? guessTrailer(text, cut, layout) : undefined;
  const options = {
    ...(cut.delimiter === ',' ? {} : { delimiter: cut.delimiter }),
    ...(cut.quote === '"' ? {} : { quote: cut.quote }),
    ...(encoding === 'utf-8' ? {} : { encoding }),
    ...(layout.header ? {} : { header: false }),
    ...(layout.preamble.length === 0 ? {} : { skip: { head: layout.preamble.length } }),
    ...(layout.comment === undefined ? {} : { comment: layout.comment }),
    ...(trailer === undefined ? {} : { trailer }),
    ...(isWhole && !/[\r\n]$/.test(text) ? { allow_missing_final_newline: true } : {}),
  };
  const fields = `its records have ${cut.fields} fields`;
  return { options, names: layout.header ? undefined : layout.names, reasons: [fields, reason] };
}

function decoded(bytes: Buffer, encoding: string): string {
  const text = new TextDecoder(encoding === 'utf-16' && isBigEndian(bytes) ? 'utf-16be' : encoding).decode(bytes);
  return text.replace(/^\ufeff/, '');
}

function isBigEndian(bytes: Buffer): boolean {
  return bytes.toString('hex', 0, 2) === 'feff' || (bytes[0] === 0 && bytes[1] !== 0);
}
