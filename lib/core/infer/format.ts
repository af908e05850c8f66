import { guessCut } from './text/delimiter.ts';
import { guessEncoding, wideKindOf } from './text/encoding.ts';
import { type GuessedPlaces, guessPlaces } from './text/fixed-width.ts';
import { guessHeader } from './text/header.ts';
import { type GuessedLayout, guessLayout } from './text/layout.ts';
import { guessQuoting } from './text/quoting.ts';
import { TextSurvey } from './text/survey.ts';
import { guessTrailer } from './text/trailer.ts';

/** How the bytes of a file become fields, as far as it differs from what a feed file says by itself. */
export interface GuessedFormat {
  readonly options: Readonly<Record<string, unknown>>;
  /** Column names, where the file names none. */
  readonly names: readonly string[] | undefined;
  /** Why; for comments. */
  readonly reasons: readonly string[];
  /** The words of the first line, where they may be names of columns or values: `options` has the likelier, and a person knows. */
  readonly headerDoubt?: string | undefined;
}

/** Characters of the text that are looked at. */
const LOOKED_AT = 400_000;

/** What was seen of a text. */
export interface SeenText {
  /** From its beginning on; of its middle and its end too where these are not all. */
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  /** Of all bytes, where somebody read them. */
  readonly survey?: TextSurvey | undefined;
}

/** Guesses the format of delimited text. `header` is what a person said. */
export function guessFormat({ bytes, isWhole, survey }: SeenText, header?: boolean): GuessedFormat {
  const seen = survey ?? surveyOf(bytes);
  const { encoding, reason } = guessEncoding(bytes, seen);
  const end = isWhole || survey ? seen.end(encoding) : undefined;
  const text = beginningOf(bytes, encoding);
  const looked = text.slice(0, LOOKED_AT);
  const isAll = isWhole && text.length <= LOOKED_AT;
  const cut = guessCut(looked, isAll);
  const places = cut === null || cut.delimiter === ' ' ? guessPlaces(looked) : undefined;
  if (typeof places === 'object') return atPlaces(places, { encoding, header });
  if (cut === null || places === 'unsure')
    return oneColumn(looked, { encoding, header, isUnsure: places === 'unsure' });
  const layout = guessLayout(cut, header);
  const quoting = guessQuoting(looked, cut);
  const trailer = end && guessTrailer(end, cut, layout);
  const options = {
    ...(cut.delimiter === ',' ? {} : { delimiter: cut.delimiter }),
    ...(cut.quote === '"' ? {} : { quote: cut.quote }),
    ...quoting.options,
    ...(encoding === 'utf-8' ? {} : { encoding }),
    ...(layout.header ? {} : { header: false }),
    ...(layout.preamble.length === 0 ? {} : { skip: { head: layout.preamble.length } }),
    ...(layout.comment === undefined ? {} : { comment: layout.comment }),
    ...(trailer === undefined ? {} : { trailer }),
    ...(end?.isEnded === false ? { allow_missing_final_newline: true } : {}),
  };
  const fields = `its records have ${cut.fields} fields`;
  return {
    options,
    names: layout.header ? undefined : layout.names,
    reasons: [fields, reason, ...quoting.reasons, ...headerReasons(layout)],
    headerDoubt: layout.isHeaderDoubtful ? layout.first : undefined,
  };
}

function atPlaces({ fields, records }: GuessedPlaces, { encoding, header }: OneColumn): GuessedFormat {
  const cut = records.map((record) => ({ fields: record, text: record.join(' '), isMisquoted: false }));
  const { isThere, isDoubtful } = header === undefined ? guessHeader(cut) : { isThere: header, isDoubtful: false };
  const names = isThere ? records[0]! : fields.map((_, index) => `column_${index + 1}`);
  return {
    options: {
      type: 'fixed-width',
      fields: Object.fromEntries(fields.map((field, index) => [names[index]!, field])),
      trim: 'both',
      ...(isThere ? { header: true } : {}),
      ...(encoding === 'utf-8' ? {} : { encoding }),
    },
    names,
    reasons: [
      'blanks stand at the same places of all lines',
      ...headerReasons({ header: isThere, isHeaderDoubtful: isDoubtful }),
    ],
    headerDoubt: isDoubtful ? cut[0]?.text : undefined,
  };
}

interface OneColumn {
  readonly encoding: string;
  readonly header: boolean | undefined;
  /** Its lines look like fields at fixed places. */
  readonly isUnsure?: boolean;
}

function oneColumn(text: string, { encoding, header, isUnsure }: OneColumn): GuessedFormat {
  const lines = text.split(/\r?\n/, 50).filter((line) => line !== '');
  const records = lines.map((line) => ({ fields: [line], text: line, isMisquoted: false }));
  const { isThere, isDoubtful } = header === undefined ? guessHeader(records) : { isThere: header, isDoubtful: false };
  const layout = { header: isThere, isHeaderDoubtful: isDoubtful };
  return {
    options: { ...(encoding === 'utf-8' ? {} : { encoding }), ...(isThere ? {} : { header: false }) },
    names: isThere ? undefined : ['column_1'],
    reasons: ['no delimiter cuts the lines alike', ...(isUnsure ? [LOOKS_FIXED] : []), ...headerReasons(layout)],
    headerDoubt: isDoubtful ? lines[0] : undefined,
  };
}

const LOOKS_FIXED =
  'LOOK: its fields seem to stand at fixed places, but blanks do not tell where: then say format: {type: fixed-width, fields: …}';

function headerReasons({ header, isHeaderDoubtful }: Pick<GuessedLayout, 'header' | 'isHeaderDoubtful'>): string[] {
  if (!isHeaderDoubtful) return [];
  return header
    ? [
        'LOOK: its first line is taken for names of columns, but may be a row, which would be left out; then say header: false',
      ]
    : ['LOOK: its first line is taken for a row, but may be the names of columns; then say header: true'];
}

function surveyOf(bytes: Buffer): TextSurvey {
  const survey = new TextSurvey(wideKindOf(bytes));
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) survey.push(bytes.subarray(at, at + PIECE_BYTES));
  return survey;
}

/** The survey keeps the last pieces whole. */
const PIECE_BYTES = 1 << 20;

/** More characters than are looked at, unless there are no more. */
function beginningOf(bytes: Buffer, encoding: string): string {
  const label = encoding === 'utf-16' ? wideKindOf(bytes) : encoding;
  return new TextDecoder(label).decode(bytes.subarray(0, MOST_OF_CHARACTER * (LOOKED_AT + 1))).replace(/^\ufeff/, '');
}

/** Bytes of a character, for each of the places that it takes in a text. */
const MOST_OF_CHARACTER = 3;
