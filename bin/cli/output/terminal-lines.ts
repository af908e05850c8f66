import { styleText } from 'node:util';
import { shownLines } from '../../../lib/core/shown-text.ts';

/** The colours of this program. */
const COLOURS = /(\u001b\[(?:[12]|22|3[0-9])m)/;

/** Text in which only line feeds and our own colours control the terminal; all other control characters are written out. */
export function terminalLines(text: string, stream: NodeJS.WriteStream): string {
  const isColoured = styleText('red', '', { stream }) !== '';
  if (!isColoured) return shownLines(text);
  return text
    .split(COLOURS)
    .map((piece, index) => (index % 2 === 1 ? piece : shownLines(piece)))
    .join('');
}
