import { archiveEndings, isArchiveName } from '../../../archives/layers.ts';
import { filesPattern } from '../../files-pattern.ts';
import { type DateUnit, type Piece, piecesOf } from '../../values/date-form.ts';
import type { Table } from '../table.ts';

type Complain = (message: string, ...path: string[]) => void;

/** Requires of a file pattern that it can tell one generation from another, and that members are those of an archive. */
export function checkFiles({ files, pick = 'all' }: Table, complain: Complain): void {
  const { file, members } = filesPattern(files);
  const pieces = piecesOf(file);
  const counters = pieces.filter(isCounter).length;
  if (counters > 0 && pick === 'all')
    complain(
      '{n} counts generations, and pick: all takes every generation; expected pick: newest or only, or * for the number of a part',
      'files',
    );
  if (counters > 1) complain('a name has one counter {n}', 'files');
  const after = pieces[pieces.findIndex(isCounter) + 1];
  if (counters > 0 && beginsWithDigit(after))
    complain('{n} takes all digits that stand together; expected something else behind it', 'files');
  const units = unitsOf(pieces);
  const has = (unit: DateUnit) => units.has(unit);
  if (pick === 'newest' && ((has('month') && !has('year')) || (has('day') && !has('month'))))
    complain('a month without its year, or a day without its month, does not say which file is the newest', 'files');
  if (members !== undefined) checkMembers(file, piecesOf(members), pick, complain);
}

/** Requires that somebody can take what is not ignored. */
export function checkIgnored(
  {
    ignore_members,
    tables,
  }: { readonly ignore_members?: readonly string[] | undefined; readonly tables: Record<string, Table> },
  complain: Complain,
): void {
  if (ignore_members === undefined) return;
  if (Object.values(tables).some(({ files }) => filesPattern(files).members !== undefined)) return;
  complain(
    'no table takes members of an archive; expected which ones behind the archive in `files`, such as "export.zip/orders*.csv"',
    'ignore_members',
  );
}

/** Members are seen when the archive is read, and that is after the newest file was chosen. */
function checkMembers(file: string, members: readonly Piece[], pick: Table['pick'], complain: Complain): void {
  if (!isArchiveName(file))
    complain(
      `${JSON.stringify(file)} is no archive by its name, so nothing lies behind its /; expected one that ends in ${archiveEndings}, or the folder in the path of the source`,
      'files',
    );
  if (members.length === 0) complain('expected which members behind the /, such as export.zip/orders*.csv', 'files');
  if (members.some(isCounter)) complain('{n} counts generations of files; expected it before the / if at all', 'files');
  const units = unitsOf(piecesOf(file));
  if (pick === 'newest' && [...unitsOf(members)].some((unit) => !units.has(unit)))
    complain('the newest archive is chosen before its members are seen; expected the date before the / too', 'files');
}

const isCounter = ({ kind }: Piece) => kind === 'counter';

function unitsOf(pieces: readonly Piece[]): Set<DateUnit> {
  return new Set(pieces.flatMap((piece) => (piece.kind === 'date' ? [piece.part.unit] : [])));
}

function beginsWithDigit(piece: Piece | undefined): boolean {
  if (piece?.kind === 'text') return /^\d/.test(piece.text);
  return piece?.kind === 'date' && /^\d/.test(piece.part.write(1));
}
