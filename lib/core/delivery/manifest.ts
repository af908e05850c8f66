import { z } from 'zod';
import { NightfeedError } from '../errors.ts';
import type { Feed } from '../feed/spec.ts';
import { type Stored, storedCount } from '../objects/stored.ts';
import { splitRecord } from '../records/fields.ts';
import { excerpt, excerpts } from '../shown-text.ts';
import { isLongName, MAX_FILES, MAX_NAME_BYTES } from './source-file.ts';

export const promisedSchema = z.object({
  size: storedCount.exactOptional(),
  rows: storedCount.exactOptional(),
  md5: z.string().exactOptional(),
  sha256: z.string().exactOptional(),
});

/** What a manifest says of one data file. */
export type Promised = Stored<typeof promisedSchema>;

type Manifest = NonNullable<Feed['ready']['manifest']>;

/** What the manifest says, by file name. Throws MANIFEST_INVALID with the place. */
export function parseManifest(bytes: Buffer, spec: Manifest): Map<string, Promised> {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const promised = new Map<string, Promised>();
  for (const { place, values } of entries[spec.format](text, spec)) {
    if (promised.size === MAX_FILES) throw invalid('the manifest', `at most ${MAX_FILES} files`, 'more');
    const name = (values.file ?? '').split(/[/\\]/).at(-1)!;
    if (name === '') throw invalid(place, `a name of a file under ${JSON.stringify(spec.columns.file)}`, 'nothing');
    if (isLongName(name)) throw invalid(place, `a name of at most ${MAX_NAME_BYTES} bytes`, excerpt(name, 80));
    if (promised.has(name)) throw invalid(place, 'each file once', excerpt(name));
    promised.set(name, promiseOf(values, place));
  }
  if (promised.size === 0) throw invalid('the manifest', 'at least one file', 'none');
  return promised;
}

type Fact = keyof Manifest['columns'];
type Values = Partial<Record<Fact, string>>;
interface Entry {
  readonly place: string;
  readonly values: Values;
}

const entries: Record<Manifest['format'], (text: string, spec: Manifest) => Iterable<Entry>> = {
  *csv(text, { delimiter, columns }) {
    const split = (line: string) =>
      splitRecord(Buffer.from(line), { delimiter: delimiter.charCodeAt(0), quote: QUOTE }).map((field) =>
        field.text.trim(),
      );
    let names: string[] | undefined;
    for (const { place, line } of linesOf(text)) {
      if (names && line.trim() === '') continue;
      const fields = split(line);
      if (names) {
        const header = names;
        if (fields.length !== header.length) throw invalid(place, `${header.length} fields`, String(fields.length));
        yield { place, values: pick(columns, (name) => fields[header.indexOf(name)]) };
        continue;
      }
      if (!fields.includes(columns.file))
        throw invalid('line 1', `a column ${JSON.stringify(columns.file)}`, excerpts(fields, { told: 10, most: 63 }));
      names = fields;
    }
  },
  *checksums(text) {
    for (const { place, line } of linesOf(text)) {
      if (line.trim() === '') continue;
      const [, sum, file] = /^\\?([0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}) [ *](.+)$/.exec(line) ?? [];
      if (!sum || !file) throw invalid(place, 'an MD5 or SHA-256 sum, two blanks and a file name', excerpt(line, 80));
      yield { place, values: { file, [sum.length === 32 ? 'md5' : 'sha256']: sum } };
    }
  },
  *json(text, { columns }) {
    for (const [index, entry] of listIn(text).entries()) {
      const values = (entry ?? {}) as Record<string, unknown>;
      const place = `entry ${index + 1}`;
      const told = (name: string) => {
        const value = Object.hasOwn(values, name) ? (values[name] ?? undefined) : undefined;
        if (value === undefined) return undefined;
        // String(value) of a vendor's object may throw, so only plain values become text.
        if (typeof value !== 'object') return String(value);
        throw invalid(
          place,
          `a text or a number as ${JSON.stringify(name)}`,
          Array.isArray(value) ? 'a list' : 'an object',
        );
      };
      yield { place, values: pick(columns, told) };
    }
  },
};

/** A name of 255 bytes with its facts is far shorter. */
const MAX_LINE = 65_536;

/** One line at a time: an array of 16 million empty lines would need far more memory than their bytes. */
function* linesOf(text: string): Generator<{ place: string; line: string }> {
  let number = 0;
  for (let begin = 0; begin <= text.length; ) {
    const found = text.indexOf('\n', begin);
    const end = found < 0 ? text.length : found;
    number += 1;
    const place = `line ${number}`;
    if (end - begin > MAX_LINE) throw invalid(place, `at most ${MAX_LINE} characters`, String(end - begin));
    yield { place, line: text.slice(begin, end).replace(found < 0 ? '' : /\r$/, '') };
    begin = end + 1;
  }
}

const QUOTE = '"'.charCodeAt(0);

function pick(columns: Manifest['columns'], told: (name: string) => string | undefined): Values {
  const found = Object.entries(columns).map(([fact, name]) => [fact, told(name)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== ''));
}

function listIn(text: string): unknown[] {
  checkPieces(text);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw invalid('the manifest', 'JSON', 'something else');
  }
  if (Array.isArray(content)) return content;
  const lists = Object.values((content ?? {}) as object).filter(Array.isArray);
  if (lists.length === 1) return lists[0]!;
  throw invalid('the manifest', 'one list of files', `${lists.length} lists`);
}

/** Number of values in a JSON manifest, counted by its punctuation. A file has about ten. */
const MAX_PIECES = 10 * MAX_FILES;

/** The parser needs many times the bytes of a value, so the count is checked before it runs. */
function checkPieces(text: string): void {
  let pieces = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === COMMA || character === BRACKET || character === BRACE) pieces += 1;
  }
  if (pieces > MAX_PIECES) throw invalid('the manifest', `at most ${MAX_PIECES} values`, 'more');
}

const [COMMA, BRACKET, BRACE] = [44, 91, 123];

function promiseOf({ size, rows, md5, sha256 }: Values, place: string): Promised {
  const sum = (value: string, digits: number) => {
    if (!/^[0-9A-Fa-f]+$/.test(value) || value.length !== digits)
      throw invalid(place, `${digits} hexadecimal digits`, excerpt(value, 80));
    return value.toLowerCase();
  };
  return {
    ...(size === undefined ? {} : { size: count(size, place) }),
    ...(rows === undefined ? {} : { rows: count(rows, place) }),
    ...(md5 === undefined ? {} : { md5: sum(md5, 32) }),
    ...(sha256 === undefined ? {} : { sha256: sum(sha256, 64) }),
  };
}

function count(value: string, place: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw invalid(place, 'a whole number', excerpt(value, 80));
}

function invalid(place: string, expected: string, received: string): NightfeedError {
  return new NightfeedError('MANIFEST_INVALID', `${place}: expected ${expected}, received ${received}`);
}
