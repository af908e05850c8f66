import { NightfeedError } from '../errors.ts';
import type { Feed } from '../feed/spec.ts';
import { splitRecord } from '../records/fields.ts';

/** What a manifest says of one data file. */
export interface Promised {
  readonly size?: number;
  readonly rows?: number;
  readonly md5?: string;
  readonly sha256?: string;
}

type Manifest = NonNullable<Feed['ready']['manifest']>;

/** What the manifest says, by file name. Throws MANIFEST_INVALID with the place. */
export function parseManifest(bytes: Buffer, spec: Manifest): Map<string, Promised> {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const promised = new Map<string, Promised>();
  for (const { place, values } of entries[spec.format](text, spec)) {
    const name = (values.file ?? '').split(/[/\\]/).at(-1)!;
    if (name === '') throw invalid(place, `a name of a file under ${JSON.stringify(spec.columns.file)}`, 'nothing');
    if (promised.has(name)) throw invalid(place, 'each file once', JSON.stringify(name));
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

const entries: Record<Manifest['format'], (text: string, spec: Manifest) => Entry[]> = {
  csv(text, { delimiter, columns }) {
    const [header, ...lines] = text.split(/\r?\n/);
    const split = (line: string) =>
      splitRecord(Buffer.from(line), { delimiter: delimiter.charCodeAt(0), quote: QUOTE }).map((field) =>
        field.text.trim(),
      );
    const names = split(header!);
    if (!names.includes(columns.file))
      throw invalid('line 1', `a column ${JSON.stringify(columns.file)}`, names.join(', '));
    return lines.flatMap((line, index) => {
      if (line.trim() === '') return [];
      const place = `line ${index + 2}`;
      const fields = split(line);
      if (fields.length !== names.length) throw invalid(place, `${names.length} fields`, String(fields.length));
      return [{ place, values: pick(columns, (name) => fields[names.indexOf(name)]) }];
    });
  },
  checksums(text) {
    return text.split(/\r?\n/).flatMap((line, index) => {
      if (line.trim() === '') return [];
      const [, sum, file] = /^\\?([0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}) [ *](.+)$/.exec(line) ?? [];
      const place = `line ${index + 1}`;
      if (!sum || !file)
        throw invalid(place, 'an MD5 or SHA-256 sum, two blanks and a file name', JSON.stringify(line.slice(0, 80)));
      return [{ place, values: { file, [sum.length === 32 ? 'md5' : 'sha256']: sum } }];
    });
  },
  json(text, { columns }) {
    return listIn(text).map((entry, index) => {
      const values = (entry ?? {}) as Record<string, unknown>;
      const place = `entry ${index + 1}`;
      const told = (name: string) => {
        const value = Object.hasOwn(values, name) ? (values[name] ?? undefined) : undefined;
        if (value === undefined) return undefined;
        // An object has no text of its own, and a vendor's may even fail to make one.
        if (typeof value !== 'object') return String(value);
        throw invalid(
          place,
          `a text or a number as ${JSON.stringify(name)}`,
          Array.isArray(value) ? 'a list' : 'an object',
        );
      };
      return { place, values: pick(columns, told) };
    });
  },
};

const QUOTE = '"'.charCodeAt(0);

function pick(columns: Manifest['columns'], told: (name: string) => string | undefined): Values {
  const found = Object.entries(columns).map(([fact, name]) => [fact, told(name)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== ''));
}

function listIn(text: string): unknown[] {
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

function promiseOf({ size, rows, md5, sha256 }: Values, place: string): Promised {
  const sum = (value: string, digits: number) => {
    if (!/^[0-9A-Fa-f]+$/.test(value) || value.length !== digits)
      throw invalid(place, `${digits} hexadecimal digits`, JSON.stringify(value.slice(0, 80)));
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
  throw invalid(place, 'a whole number', JSON.stringify(value.slice(0, 80)));
}

function invalid(place: string, expected: string, received: string): NightfeedError {
  return new NightfeedError('MANIFEST_INVALID', `${place}: expected ${expected}, received ${received}`);
}
