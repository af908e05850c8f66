import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import { feedDocument, feedText } from '../../lib/core/feed/feed-document.ts';
import { objectText, readObject } from '../../lib/core/objects/object-kind.ts';
import { sealed } from '../../lib/core/run/sealed.ts';
import { readSparkResult } from '../../lib/core/sql/plans/spark/result.ts';
import { objectKinds } from './object-kinds.ts';

interface StoredText {
  readonly key: string;
  readonly text: string;
}

const folder = join(import.meta.dirname, 'objects');
const textsIn = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as StoredText[];
const textsOf = (name: string) =>
  globSync(join(folder, name, '*.json'))
    .sort()
    .flatMap(textsIn);

test('every kind is there, of every version', () => {
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(objectKinds), 'spark-results'].sort());
  const versions = globSync(join(folder, 'diff-receipts', '*.json')).map((path) => basename(path));
  for (const name of Object.keys(objectKinds)) expect(readdirSync(join(folder, name)).sort()).toEqual(versions.sort());
});

describe.each(Object.entries(objectKinds))('%s of earlier versions', (name, { kind }) => {
  test('are read as they were written, and stay what they are when they are written again', () => {
    for (const { key, text } of textsOf(name)) {
      const read = readObject(kind, text, key);
      const { checksum: _, version: __, ...before } = JSON.parse(text);
      expect(JSON.stringify(read)).toBe(JSON.stringify(before));
      const written = objectText(kind, read);
      expect(JSON.parse(written).version).toBe(kind.version);
      expect(JSON.stringify(readObject(kind, written, key))).toBe(JSON.stringify(read));
    }
  });

  test('whatever stands in place of a part of them, it is read or refused by name', () => {
    const documents = textsOf(name).map(({ text }) => JSON.parse(text) as object);
    const changes = fc.tuple(fc.constantFrom(...documents), fc.nat(), fc.constantFrom(...hostile));
    fc.assert(
      fc.property(changes, ([document, place, value]) => {
        const { checksum: _, ...changed } = withPart(document, place, value) as Record<string, unknown>;
        try {
          readObject(kind, kind.isSealed ? sealed(changed) : JSON.stringify(changed), 'a/b.json');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(NightfeedError);
          const { name: error, message } = thrown as NightfeedError;
          expect(['OBJECT_MALFORMED', 'OBJECT_NEWER']).toContain(error);
          expect(message.length).toBeLessThan(800);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('a feed document is written as it was, for its key is made of its content', () => {
  for (const { key, text } of textsOf('feeds')) expect(feedText(readObject(feedDocument, text, key))).toBe(text);
});

test('results of Spark are read, those that disagree too', () => {
  const results = textsOf('spark-results').map(({ key, text }) => readSparkResult(text, key));
  expect(results.filter(({ disagrees }) => disagrees !== undefined)).toHaveLength(results.length / 2);
  for (const { disagrees, queries } of results) expect(disagrees ?? queries.numbers![0]!.inserted).toMatch(/^(rec|2)/);
});

const hostile: readonly unknown[] = [
  null,
  -1,
  1.5,
  1e300,
  '1',
  '',
  'x'.repeat(1_000_000),
  '\u001b[2J\u202e\n',
  true,
  [],
  {},
  [[[]]],
  JSON.parse('{"__proto__":{"key":1},"constructor":2,"length":-1}'),
  2 ** 53,
];

/** A copy of a value with another one in one of its places. */
function withPart(value: unknown, place: number, part: unknown): unknown {
  const places: (readonly [holder: Record<string, unknown>, name: string])[] = [];
  const copy = structuredClone(value);
  const visit = (within: unknown) => {
    if (typeof within !== 'object' || within === null) return;
    for (const name of Object.keys(within)) {
      places.push([within as Record<string, unknown>, name]);
      visit(Object.getOwnPropertyDescriptor(within, name)!.value);
    }
  };
  visit(copy);
  const [holder, name] = places[place % places.length]!;
  Object.defineProperty(holder, name, { value: part, enumerable: true, configurable: true, writable: true });
  return copy;
}
