import { type Piece, piecesOf } from '../../values/date-form.ts';
import type { Table } from '../table.ts';

type Complain = (message: string, ...path: string[]) => void;

/** Requires of a file pattern that it can tell one generation from another. */
export function checkFiles({ files, pick = 'all' }: Table, complain: Complain): void {
  const pieces = piecesOf(files);
  const counters = pieces.filter(({ kind }) => kind === 'counter').length;
  if (counters > 0 && pick === 'all')
    complain(
      '{n} counts generations, and pick: all takes every generation; expected pick: newest or only, or * for the number of a part',
      'files',
    );
  if (counters > 1) complain('a name has one counter {n}', 'files');
  const after = pieces[pieces.findIndex(({ kind }) => kind === 'counter') + 1];
  if (counters > 0 && beginsWithDigit(after))
    complain('{n} takes all digits that stand together; expected something else behind it', 'files');
  const has = (unit: string) => pieces.some((piece) => piece.kind === 'date' && piece.part.unit === unit);
  if (pick === 'newest' && ((has('month') && !has('year')) || (has('day') && !has('month'))))
    complain('a month without its year, or a day without its month, does not say which file is the newest', 'files');
}

function beginsWithDigit(piece: Piece | undefined): boolean {
  if (piece?.kind === 'text') return /^\d/.test(piece.text);
  return piece?.kind === 'date' && /^\d/.test(piece.part.write(1));
}
