import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ObjectKind, objectText, readObject } from '../../../lib/core/objects/object-kind.ts';
import { type Stored, storedByName, storedCount } from '../../../lib/core/objects/stored.ts';

const schema = z.object({
  id: z.string(),
  tables: storedByName(z.object({ rows: storedCount, state: z.enum(['in', 'out']).exactOptional() })),
  keys: z.union([z.string(), z.array(z.string())], { error: 'expected a key or a list of keys' }).exactOptional(),
});
type Document = Stored<typeof schema>;

const sealedKind: ObjectKind<Document> = { name: 'list of tables', version: 2, schema, isSealed: true, indent: 1 };
const plainKind: ObjectKind<Document> = { name: 'list of tables', version: 2, schema, isSealed: false };
const document: Document = { id: 'a', tables: { t: { rows: 3 }, __proto__: { rows: 1 } } };
const protoNamed = JSON.parse('{"id":"a","tables":{"t":{"rows":3},"__proto__":{"rows":1}}}') as Document;

describe.each([sealedKind, plainKind])('sealed: $isSealed', (kind) => {
  test('what is written is read, and says its version', () => {
    const text = objectText(kind, protoNamed);
    expect(JSON.parse(text).version).toBe(2);
    const read = readObject(kind, text, 'a/b.json');
    expect(JSON.stringify(read)).toBe(JSON.stringify(protoNamed));
    expect(objectText(kind, read)).toBe(text);
  });

  test('what has no version is of the first', () => {
    expect(readObject(kind, JSON.stringify(document), 'a/b.json')).toEqual(document);
  });

  test('fields that only others know stay, also in what is copied', () => {
    const found = { version: 2, later: [1], id: 'a', tables: { t: { rows: 3, later: { x: null } } } };
    const read = readObject(kind, JSON.stringify(found), 'a/b.json');
    expect(JSON.parse(objectText(kind, { ...read, id: 'b' }))).toMatchObject({ ...found, id: 'b' });
  });

  test('a newer version is named, and not looked at', () => {
    const text = JSON.stringify({ version: 3, tables: 'something else by then' });
    expect(() => readObject(kind, text, 'a/b.json')).toThrow(
      expect.objectContaining({
        name: 'OBJECT_NEWER',
        message:
          'a/b.json was written by a newer nightfeed (list of tables of version 3; this one reads up to 2): upgrade, production is untouched',
      }),
    );
  });

  test.each([
    ['no JSON', '{"id":'],
    ['nothing', ''],
  ])('%s is damage', (_what, text) => {
    expect(() => readObject(kind, text, 'a/b.json')).toThrow(
      expect.objectContaining({ name: 'OBJECT_DAMAGED', message: expect.stringContaining('a/b.json') }),
    );
  });

  const good = '"tables":{"t":{"rows":3}}';
  test.each([
    ['null', 'expected an object, received null'],
    ['[1]', 'expected an object, received a list'],
    ['7', 'expected an object, received 7'],
    [`{"id":1,${good}}`, 'id: expected a text, received 1'],
    [`{${good}}`, 'id: expected a text, received nothing'],
    ['{"id":"a","tables":[]}', 'tables: expected an object, received a list'],
    ['{"id":"a","tables":{"t":null}}', 'tables.t: expected an object, received null'],
    ['{"id":"a","tables":{"t":{"rows":"3"}}}', 'tables.t.rows: expected a number, received "3"'],
    ['{"id":"a","tables":{"t":{"rows":1.5}}}', 'tables.t.rows: expected a whole number, received 1.5'],
    ['{"id":"a","tables":{"t":{"rows":-1}}}', 'tables.t.rows: expected at least 0, received -1'],
    ['{"id":"a","tables":{"t":{"rows":1e300}}}', `tables.t.rows: expected at most ${2 ** 53 - 1}, received 1e+300`],
    ['{"id":"a","tables":{"t":{"rows":1e999}}}', 'tables.t.rows: expected a number, received Infinity'],
    ['{"id":"a","tables":{"__proto__":{"rows":"x"}}}', 'tables.__proto__.rows: expected a number, received "x"'],
    ['{"id":"a","tables":{"t":{"rows":1,"state":"on"}}}', 'tables.t.state: expected "in" or "out", received "on"'],
    [`{"id":"a",${good},"keys":{"a":1}}`, 'keys: expected a key or a list of keys, received an object'],
    ['{"id":1,"tables":1}', 'id: expected a text, received 1, and 1 more'],
    [`{"version":"2","id":"a",${good}}`, 'version: expected a whole number, received "2"'],
    [`{"version":0,"id":"a",${good}}`, 'version: expected a whole number, received 0'],
    [`{"version":1.5,"id":"a",${good}}`, 'version: expected a whole number, received 1.5'],
    [`{"version":null,"id":"a",${good}}`, 'version: expected a whole number, received null'],
    [
      '{"id":"a","tables":{"a\\u001b[31m\\nb":{}}}',
      String.raw`tables."a\u001b[31m\nb".rows: expected a number, received nothing`,
    ],
  ])('%s is malformed, by its field', (text, fault) => {
    expect(() => readObject(kind, text, 'a/b.json')).toThrow(
      expect.objectContaining({
        name: 'OBJECT_MALFORMED',
        message: `a/b.json is not a valid list of tables: ${fault}`,
      }),
    );
  });

  test('a megabyte of text, as value and as name, is cut', () => {
    const long = 'x'.repeat(1_000_000);
    for (const found of [
      { id: 'a', tables: { t: { rows: long } } },
      { id: 'a', tables: { [long]: 1 } },
    ])
      expect(() => readObject(kind, JSON.stringify(found), 'a/b.json')).toThrow(
        expect.objectContaining({ name: 'OBJECT_MALFORMED', message: expect.stringMatching(/^.{40,250}$/) }),
      );
  });
});

test('names of prototypes replace none', () => {
  const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"a","tables":{}}';
  const read = readObject(plainKind, text, 'a/b.json');
  expect('polluted' in read).toBe(false);
  expect('polluted' in {}).toBe(false);
  expect(readObject(plainKind, objectText(plainKind, read), 'a/b.json')).toEqual(read);
});
