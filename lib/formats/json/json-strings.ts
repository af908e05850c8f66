import type { ReadingColumn } from '../../core/feed/reading-spec.ts';
import { cleaned } from '../../core/feed/values/clean-text.ts';
import type { NdjsonFormat } from './options.ts';

/** What becomes of a string in the column of a field: its text, its JSON with the quotes, or a fault, because it could be either. */
export type StringUse = (text: string) => 'text' | 'value' | 'fault';

/**
 * A string for a column of json or jsonb may be the value, or a text that holds JSON: `"12"` may be the string or the number. Only the
 * vendor knows. Without an option, the text of an object or a list is read, and any other string is a fault. Undefined for other columns.
 */
export function stringUseOf(column: ReadingColumn, { json_strings }: NdjsonFormat): StringUse | undefined {
  if (column.type !== 'json' && column.type !== 'jsonb') return undefined;
  if (json_strings !== undefined) return () => json_strings;
  return (text) => {
    const clean = cleaned(column, text);
    return clean === null || /^[ \t\n\r]*[[{]/.test(clean) ? 'text' : 'fault';
  };
}
