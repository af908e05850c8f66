import { splitRecord } from '../../core/records/fields.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { convertedText } from '../../core/records/record-text.ts';
import type { LineAsRecord } from '../text/beside/row-likeness.ts';
import type { Layout } from './layout.ts';
import type { FixedWidthFormat } from './options.ts';

/** Reads a line beside the data as a record. `textOf`: a record without a fault as record text. */
export function lineOfPlaces(
  { unit }: FixedWidthFormat,
  { starts, ends }: Layout,
  textOf: (record: Buffer) => Buffer | undefined,
): (line: Buffer) => LineAsRecord {
  return (line) => {
    const text = textOf(line);
    if (text !== undefined) {
      const fields = splitRecord(text, recordSyntaxOf(convertedText));
      return { isOpen: false, isWhole: true, isBuiltAlike: true, fields: fields.map((field) => field.text) };
    }
    const characters = unit === 'bytes' ? line.toString('latin1') : [...line.toString()];
    const fields = starts.map((start, index) => [...characters.slice(start, ends[index]!)].join('').trim());
    // A damaged record mostly has its fields, if not all blanks behind the last one; a footer is a word and a number.
    const isBuiltAlike = characters.length > Math.max(...starts);
    return { isOpen: false, isWhole: false, isBuiltAlike, fields };
  };
}
