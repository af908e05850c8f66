import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { NightfeedError } from '../core/errors.ts';
import type { Feed } from '../core/feed/spec.ts';
import { allowed, complaints } from './complaint.ts';
import { withHolidays } from './holidays.ts';

export interface FeedFile {
  readonly feed: Feed;
  /** Absolute; relative sources start here. */
  readonly folder: string;
}

/** Reads and checks a feed file. FEED_INVALID lists the faults, a hundred at most, with file, line, what was received and what is allowed. */
export async function readFeedFile(path: string, schema: z.ZodType<Feed>): Promise<FeedFile> {
  let text: string;
  try {
    text = await beginningOf(path);
  } catch (error) {
    throw new NightfeedError('USAGE', `cannot read the feed file ${path}: ${(error as NodeJS.ErrnoException).code}`, {
      hint: 'Give the path of a feed file; `examples/` has some to start from.',
      cause: error,
    });
  }
  const folder = dirname(resolve(path));
  return { feed: parseChecked(text, path, schema, (value) => withHolidays(value, folder)), folder };
}

/** A feed of 500 tables with 40 columns each has about so many bytes. The parser needs many times that in memory. */
export const MAX_FEED_BYTES = 1_000_000;

/** Reads one byte more than a feed file may have, so that a file without an end is refused instead of read. */
async function beginningOf(path: string): Promise<string> {
  return Buffer.concat(await createReadStream(path, { end: MAX_FEED_BYTES }).toArray()).toString('utf8');
}

/** Parses YAML and checks it by a schema. `complete` puts in what the text only names. Throws FEED_INVALID like `readFeedFile`. */
export function parseChecked<Schema extends z.ZodType>(
  text: string,
  path: string,
  schema: Schema,
  complete: (value: unknown) => unknown = (value) => value,
): z.output<Schema> {
  if (Buffer.byteLength(text) > MAX_FEED_BYTES)
    throw invalid([`${path}: received more than ${MAX_FEED_BYTES} bytes; expected that many at most`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [
    ...document.errors.map(({ pos, message }) => ({ at: pos[0], message })),
    ...danglingAliases(document),
  ];
  if (faults.length > 0)
    throw invalid(faults.map(({ at, message }) => `${path}:${lines.linePos(at).line}: ${message}`));
  const result = schema.safeParse(complete(plainValue(document, path)), { error: allowed });
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap((issue) => complaints(issue, { path, document, lines })));
}

function plainValue(document: Document, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // The parser limits nested aliases, because a few lines of them can expand to gigabytes.
    throw invalid([`${path}:1: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** Aliases without an anchor. The parser finds them only when it makes values, and then does not say where they are. */
function danglingAliases(document: Document): { at: number; message: string }[] {
  const faults: { at: number; message: string }[] = [];
  const named = new Set<string>();
  visit(document, {
    Value(_key, { anchor }) {
      if (anchor !== undefined) named.add(anchor);
    },
    Alias(_key, alias) {
      if (!named.has(alias.source))
        faults.push({ at: alias.range?.[0] ?? 0, message: `nothing is named &${alias.source}` });
    },
  });
  return faults;
}

/** The most faults that a message lists. */
const MOST_FAULTS = 100;

function invalid(problems: readonly string[]): NightfeedError {
  const more = problems.length - MOST_FAULTS;
  const told = more > 0 ? [...problems.slice(0, MOST_FAULTS), `and ${more} faults more`] : problems;
  return new NightfeedError('FEED_INVALID', told.join('\n'));
}
