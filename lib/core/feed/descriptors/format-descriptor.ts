import type { z } from 'zod';
import { anyOf } from '../../any-of.ts';
import { NightfeedError } from '../../errors.ts';
import { convertedText, type RecordText } from '../../records/record-text.ts';

/** What core knows of any format. Everything else in it is read by its kind alone. */
export interface FeedFormat {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** All that is known of a format without opening a file: feed schema and reference page are made of it. */
export interface FormatDescriptor<Options extends FormatOptions = FormatOptions> {
  /** `format: {type: NAME}` in a feed file. */
  readonly name: string;
  /**
   * What may stand beside `type`. With `delimiter`, `quote` and `null_values` the files are record text already, and pass as they are, unless
   * the feed says more than record text can be.
   */
  readonly options: Options;
  /** The end of its files has to be read first, so that they lie on the disk of the process that pulls. */
  readonly isSpooled?: true;
  /** Whether the records may stand at other bytes than in the file. Always so of a format that is not record text. */
  movesBytes?(format: FormatOf<Options>): boolean;
  /** Whether a copy of the file is kept, because landing may not tell its bytes. Without it, where the records may stand at other ones. */
  isCopied?(format: FormatOf<Options>): boolean;
  /** What one option demands of another, or of the columns. */
  complaints?(format: FormatOf<Options>, columns: readonly FormatColumn[]): Iterable<FormatComplaint>;
}

/** Schemas by name. */
export type FormatOptions = Readonly<Record<string, z.ZodType>>;

export type FormatOf<Options extends FormatOptions> = z.output<z.ZodObject<Options>> & FeedFormat;

/** What a format may know of a declared column. */
export interface FormatColumn {
  readonly name: string;
  readonly type: string;
  /** Its name in the file. */
  readonly from?: unknown;
  /** What it is made of where no file has it. */
  readonly as?: unknown;
}

export interface FormatComplaint {
  readonly message: string;
  /** From the table on, such as `format`, `quote`. */
  readonly path: readonly string[];
}

/** The format of a table. Throws FEED_INVALID for one that is not on the list, such as another program's. */
export function formatKindOf<Kind extends FormatDescriptor = FormatDescriptor>(
  { type }: FeedFormat,
  kinds: readonly NoInfer<Kind>[],
): Kind {
  const found = kinds.find(({ name }) => name === type);
  if (found) return found;
  throw new NightfeedError(
    'FEED_INVALID',
    `format.type: expected ${anyOf(kinds.map(({ name }) => name))}, received ${type}`,
  );
}

/** How the records of such files are written in landing. */
export function recordTextOf(format: FeedFormat): RecordText {
  if (isRecordText(format)) return format;
  return format.reject_control_characters === true
    ? { ...convertedText, reject_control_characters: true }
    : convertedText;
}

/** Whether such files are written so from the start. */
export function isRecordText(format: FeedFormat): format is FeedFormat & RecordText {
  const { delimiter } = format;
  return (
    typeof delimiter === 'string' && /^[\t -~]$/.test(delimiter) && !beyondRecordText.some((option) => format[option])
  );
}

/** Whether records may stand at other bytes than in their file. */
export function mayMoveBytes(format: FeedFormat, kinds: readonly FormatDescriptor[]): boolean {
  return !isRecordText(format) || (formatKindOf(format, kinds).movesBytes?.(format) ?? true);
}

/** Whether landing may not tell a file's bytes, so that a copy of it is kept. */
export function isCopied(format: FeedFormat, kinds: readonly FormatDescriptor[]): boolean {
  return (
    mayMoveBytes(format, kinds) && (!isRecordText(format) || (formatKindOf(format, kinds).isCopied?.(format) ?? true))
  );
}

/** Options of delimited text that make it more than record text. */
const beyondRecordText = ['record_end', 'escape', 'quotes', 'blanks_around_quotes'] as const;
