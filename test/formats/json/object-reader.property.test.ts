import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldText } from '../../../lib/formats/json/field-text.ts';
import { ABSENT, ObjectReader } from '../../../lib/formats/json/object-reader.ts';
import { type Path, placesOf } from '../../../lib/formats/json/places.ts';
import { MORE, skipBlanks } from '../../../lib/formats/json/tokens.ts';
import { isFull } from '../../support/full.ts';

const RUNS = isFull ? 50_000 : 3000;

const blank = fc.constantFrom('', '', ' ', '\n', '\t\r ');
const around = (text: fc.Arbitrary<string>) => fc.tuple(blank, text, blank).map((parts) => parts.join(''));
const character = fc.constantFrom('a', 'é', '😀', ',', '"', '\\', '/', '\n', '\u0001', '\ufeff', '\ufffd', '{', ':');
const word = fc.string({ unit: character, maxLength: 6 });
/** A text as some writer may escape it. */
const written = fc.tuple(word, fc.constantFrom('plain', 'ascii', 'all')).map(([text, style]) => {
  if (style === 'plain') return JSON.stringify(text);
  const unit = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const escaped = units.map((code) =>
    style === 'all' || code > 126 || code < 32 || code === 34 || code === 92 ? unit(code) : String.fromCharCode(code),
  );
  return `"${escaped.join('')}"`;
});
const numeral = fc.constantFrom('0', '-0', '1.10', '1e400', '-12.5E+3', '123456789012345678901234567890.5');
const scalar = fc.oneof(written, numeral, fc.constantFrom('true', 'false', 'null'));
const name = fc.constantFrom('"a"', '"b"', '"c"', '"\\u0061"', '"é"', '"other"', '"deep"', '"list"');
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.array(around(tie('value')), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(around(name), around(tie('value'))), { maxLength: 4 })
      .map((members) => `{${members.map((member) => member.join(':')).join(',')}}`),
  ),
}));
const members = fc.array(fc.tuple(name, blank, value, blank), { maxLength: 5 });

const paths: Path[] = [['a'], ['b'], ['deep', 'a'], ['deep', 'list', 1], ['list', 0], ['list', 2, 'é']];

function read(
  text: string,
  reader = new ObjectReader(
    placesOf(paths, (each) => each === 'other'),
    paths.length,
  ),
) {
  const bytes = Buffer.from(text);
  const end = reader.read(bytes, skipBlanks(bytes, 0, bytes.length), bytes.length);
  const isWhole = end >= 0 && skipBlanks(bytes, end, bytes.length) === bytes.length;
  if (!isWhole) return { end, fields: undefined, reader };
  const written = new FieldText();
  written.record(bytes, reader, end);
  return { end, fields: written.take().toString(), hasLoneSurrogate: written.hasLoneSurrogate, reader };
}

/** What JSON.parse says, and a count of names: it takes the last of two with one name. */
function parsed(text: string): object | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:)?/gs);
  return [...tokens].filter(([, colon]) => colon).length === namesIn(found) ? found : undefined;
}

function namesIn(found: unknown): number {
  if (typeof found !== 'object' || found === null) return 0;
  const own = Array.isArray(found) ? 0 : Object.keys(found).length;
  return Object.values(found).reduce((sum: number, each) => sum + namesIn(each), own);
}

/** The shapes that paths demand: null, an object where they name something, an array where they count. */
function fits(found: unknown, path: Path): boolean {
  const [step, ...rest] = path;
  if (step === undefined || found === null || found === undefined) return true;
  if (typeof found !== 'object' || Array.isArray(found) !== (typeof step === 'number')) return false;
  return fits((found as Record<string | number, unknown>)[step], rest);
}

function at(found: unknown, path: Path): unknown {
  return path.reduce((each, step) => (each as Record<string | number, unknown> | null | undefined)?.[step], found);
}

test('an object is taken exactly where JSON.parse takes it, unless a name stands twice', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      members,
      fc.option(
        fc.tuple(
          fc.nat(),
          fc.constantFrom('', '"', ',', '}', '{', ']', ':', '\\', '0', '-', '.', 'e', 'n', ' ', "'", '/'),
        ),
        {
          freq: 2,
        },
      ),
      (all, fault) => {
        const good = `{${all.map(([key, before, each, after]) => `${key}${before}:${each}${after}`).join(',')}}`;
        const place = (fault?.[0] ?? 0) % good.length;
        const damaged = fault ? good.slice(0, place) + fault[1] + good.slice(place + (fault[0] % 2)) : good;
        // A fault within a character leaves halves of a pair, which have no bytes.
        const text = damaged.toWellFormed();
        const expected = parsed(text);
        const found = read(text);
        const isExpected = expected !== undefined && paths.every((path) => fits(expected, path));
        expect(found.fields !== undefined, text).toBe(isExpected);
        if (!isExpected) return;
        taken += 1;
        const fields = paths.map((path) => at(expected, path));
        expect(found.fields!.length > 0).toBe(true);
        const texts = textsIn(found.fields!);
        for (const [slot, field] of fields.entries()) {
          const told = texts[slot]!;
          if (field === undefined || field === null) expect(told, text).toBeNull();
          else if (typeof field === 'string') expect(told, text).toBe(field.toWellFormed());
          else if (typeof field === 'object') expect(JSON.parse(told!), text).toEqual(field);
          else if (typeof field === 'boolean') expect(told, text).toBe(String(field));
          else expect([Number(told), text.includes(told!)], text).toEqual([field, true]);
        }
      },
    ),
    { numRuns: RUNS },
  );
  expect(taken).toBeGreaterThan(RUNS / 10);
});

/** The fields of record text, read in the plainest way. */
function textsIn(record: string): (string | null)[] {
  const fields = `,${record.slice(0, -1)}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/gs);
  return [...fields].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? (bare === '' ? null : bare!));
}

test('an object that is cut anywhere asks for more', () => {
  fc.assert(
    fc.property(members, fc.nat(), (all, cut) => {
      const text = `{${all.map(([key, before, each, after]) => `${key}${before}:${each}${after}`).join(',')}}`;
      fc.pre(parsed(text) !== undefined && paths.every((path) => fits(parsed(text), path)));
      const bytes = Buffer.from(text);
      expect(read(bytes.subarray(0, cut % bytes.length).toString('latin1')).end).toBe(MORE);
    }),
    { numRuns: RUNS },
  );
});

test('a reader forgets the object before', () => {
  const { reader } = read('{"a":1,"deep":{"a":2},"other":3}');
  expect(reader.unknown).toEqual(['other']);
  const next = read('{"b":"x"}', reader);
  expect([next.fields, reader.unknown, reader.kinds[0]]).toEqual([',x,,,,\n', [], ABSENT]);
  expect(read('{"a":1,"a":2}', reader).fields).toBeUndefined();
  expect(read('{"a":1,"b":2}', reader).fields).toBe('1,2,,,,\n');
  expect(read('{"b":1,"a":2,"b":3}', reader).fields).toBeUndefined();
});

test('half of a pair is told, and U+FFFD written for it', () => {
  const half = (text: string) => {
    const { fields, hasLoneSurrogate } = read(`{"a":"${text}"}`);
    return [fields, hasLoneSurrogate];
  };
  expect(half('\\ud83d\\ude00')).toEqual(['😀,,,,,\n', false]);
  for (const lone of ['\\ud83d', '\\ude00', '\\ud83dx', '\\ud83d\\n', '\\ud83d\\u0041'])
    expect(half(lone)[1]).toBe(true);
  expect(half('\\ud83d\\ud83d\\ude00')).toEqual(['"\ufffd😀",,,,,\n', true]);
});

test('values lie at most a thousand deep in one another', () => {
  const deep = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  expect(read(deep(1000)).fields).toBeDefined();
  const { reader } = read(deep(1001));
  expect(reader.why).toContain('1000 deep');
  expect(read(`{"a":${'['.repeat(900_000)}`).reader.why).toContain('1000 deep');
});
