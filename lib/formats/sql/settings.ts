import { refuseEncoding } from './dialects.ts';
import type { SqlFormat } from './options.ts';
import type { Token } from './tokens.ts';

/** Why a SET changes how the dump is read; undefined when it does not. Throws ENCODING. */
export function faultOfSetting(tokens: readonly Token[], format: SqlFormat): string | undefined {
  for (let at = 1; at < tokens.length; at++) {
    const { kind, text } = tokens[at]!;
    if (kind !== 'word') continue;
    const value = tokens[/^(=|TO)$/.test(tokens[at + 1]?.text ?? '') ? at + 2 : at + 1];
    if (value === undefined || value.text.startsWith('@')) continue;
    if (text === 'NAMES' || text === 'CLIENT_ENCODING') refuseEncoding(value.written, format);
    if (text === 'STANDARD_CONFORMING_STRINGS' && !/^(on|true|1)$/i.test(value.written))
      return 'backslashes would be escapes in every string';
    if (/^(@@)?(SESSION|GLOBAL)?\.?SQL_MODE$/.test(text) && /NO_BACKSLASH_ESCAPES|ANSI/i.test(value.written))
      return 'strings would be read in another way';
  }
  return undefined;
}
