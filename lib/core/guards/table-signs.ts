import { z } from 'zod';
import type { Stored } from '../objects/stored.ts';
import { type Backslashes, backslashesSchema } from '../records/scan/backslashes.ts';
import { longestRecordSchema, type Signs } from '../records/scan/signs.ts';
import { swallowedSchema } from '../records/scan/swallowed.ts';
import type { GuardName } from './guard-names.ts';

export const fileEndingsSchema = z.array(z.enum(['ended', 'unended']));

export type FileEnding = Stored<typeof fileEndingsSchema>[number];

/** The place of the first one. */
const swallowedPlace = swallowedSchema.omit({ shown: true }).extend({ file: z.string() });

export const tableSignsSchema = z.object({
  longest: longestRecordSchema,
  swallowed: z.array(swallowedPlace),
  backslashes: backslashesSchema.omit({ shown: true }).exactOptional(),
  /** How its files end, and how the files of the base ended, if that differs. */
  endings: z.object({ base: fileEndingsSchema, next: fileEndingsSchema }).exactOptional(),
});

/** Signs of all files of a table, without any row's text, because messages show them. */
export type TableSigns = Stored<typeof tableSignsSchema>;

interface SignedFile extends EndingFile {
  readonly name: string;
  readonly signs?: Signs;
}

interface EndingFile {
  readonly lacksEnd?: true;
}

/** undefined when an older version landed a file. */
export function signsOf(files: readonly SignedFile[], base: readonly FileEnding[] | undefined): TableSigns | undefined {
  const all = files.flatMap(({ signs }) => signs ?? []);
  if (all.length === 0 || all.length < files.length) return undefined;
  const places = files.flatMap(({ name: file, signs }) =>
    signs!.swallowed.map(({ shown: _, ...place }) => ({ ...place, file })),
  );
  const byColumn = Map.groupBy(places, ({ column }) => column);
  const counts = sum(all);
  const next = endingsOf(files);
  return {
    longest: {
      bytes: Math.max(...all.map(({ longest }) => longest.bytes)),
      lines: Math.max(...all.map(({ longest }) => longest.lines)),
    },
    swallowed: [...byColumn.values()].map((of) => ({
      ...of[0]!,
      fields: of.reduce((total, { fields }) => total + fields, 0),
    })),
    ...(counts ? { backslashes: counts } : {}),
    ...(base && next.some((ending) => !base.includes(ending)) ? { endings: { base, next } } : {}),
  };
}

export function endingsOf(files: readonly EndingFile[]): FileEnding[] {
  return [...new Set(files.map(({ lacksEnd }) => (lacksEnd ? 'unended' : 'ended')))];
}

/** The vendor's lines, safe to be shown, by the guard that they explain. They go where samples go, because they may hold personal data. */
export function shownSigns(files: readonly SignedFile[]): Partial<Record<GuardName, readonly string[]>> {
  const of = (linesOf: (signs: Signs) => readonly string[]) =>
    files.flatMap(({ signs }) => (signs ? linesOf(signs) : [])).slice(0, MAX_SHOWN);
  return {
    SWALLOWED_RECORDS: of(({ swallowed }) => swallowed.flatMap(({ shown }) => shown)),
    BACKSLASHES: of(({ backslashes }) => backslashes?.shown ?? []),
  };
}

const MAX_SHOWN = 10;

function sum(all: readonly Signs[]): TableSigns['backslashes'] {
  const found = all.flatMap(({ backslashes }) => backslashes ?? []);
  const total = (of: keyof Omit<Backslashes, 'shown'>) => found.reduce((so, each) => so + each[of], 0);
  if (found.length === 0) return undefined;
  return {
    breaking: total('breaking'),
    doubled: total('doubled'),
    nulls: total('nulls'),
    plain: total('plain'),
    escapes: total('escapes'),
  };
}
