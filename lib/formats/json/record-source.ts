import { NightfeedError } from '../../core/errors.ts';
import { MAX_RECORD_BYTES } from '../../core/records/record-walk.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { ObjectReader } from './object-reader.ts';
import type { Span } from './window.ts';

/** `more`: what follows is needed, from `span.at` on. */
export type Step = 'record' | 'more' | 'end';

/** Where the records of a file are, one after the other. */
export interface RecordSource {
  /** Finds the next record and has it read. Throws where nobody could tell where the next one begins. */
  next(span: Span, reader: ObjectReader): Step;
  /** Where the record that was found last stands in the span's bytes. */
  readonly start: number;
  readonly end: number;
  /** Why it is no object that could be read. */
  readonly fault: string | undefined;
  /** A byte order mark stands before it. */
  readonly isMarked: boolean;
  /** The record as people find it in the file. */
  readonly place: string;
  readonly notes: readonly string[];
  /** The last line end is missing. */
  readonly lacksEnd: boolean;
}

export function checkLength(bytes: number, place: string): void {
  if (bytes <= MAX_RECORD_BYTES) return;
  throw new NightfeedError('RECORD_TOO_LONG', `${place} is longer than the allowed ${MAX_RECORD_BYTES} bytes`);
}

/** What is wrong at this byte. */
export function explained({ bytes, base, whole }: Span, at: number, why: string | undefined): string {
  const found = at < bytes.length ? excerpt(bytes.toString('utf8', at, at + SHOWN_BYTES), SHOWN_BYTES) : 'the end';
  return `${why ?? 'this cannot stand here'}: ${found} at byte ${base + at} of ${whole}`;
}

const SHOWN_BYTES = 20;
