import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineLab } from '../../support/engines/engine-lab.ts';
import { describeEngines } from '../../support/engines/engines.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open({ partBytes: 60 });
});
afterAll(() => lab.close());

const fields = { city: ['address', 'city'], tag: ['tags', 0] };
const table = {
  columns: {
    id: { type: 'bigint', key: true },
    name: 'text',
    price: 'decimal(30,2)',
    address: 'json',
    city: 'text',
    tag: 'text',
    sold: 'boolean',
    sizes: 'integer[]',
    words: 'text[]',
  },
  on_delete: 'delete',
};
const unchanged =
  '{"id":1,"name":"a, \\"quoted\\"\\nname","price":1.50,"address":{"city":"K\\u00f6ln"},"tags":["new"],"sold":true,"sizes":[1, null],"words":["a,b","\\u0042",""]}';
const nights = [
  [
    unchanged,
    '{"id":2,"name":"C:\\\\","price":2,"address":{ "city" : null, "zip": "1" },"tags":[]}',
    '{"id":3,"name":"","price":null,"address":null,"tags":null,"sold":false}',
    '{"price":4,"id":4,"name":null}',
    '{"id":9,"name":"nine","sizes":[1,"2"],"words":null}',
    '{"id":10,"sizes":[1.5]}',
    '{"id":11,"words":[[]]}',
    '{"id":12,"words":"{a,NULL}"}',
    '{"id":13,"words":"a"}',
  ],
  [
    unchanged,
    '{"id":2,"name":"D:\\\\","price":123456789012345678901234567.80}',
    '{"id":3,"name":null,"address":{"city":"\\u0042onn","zip":[1,"2"]}}',
    '{"id":5,"id":6}',
    '{"id":4,"name":"\\ud800","price":1}',
    '{"id":7,"name":"seven","price":1e400}',
    '{"id":8,"name":"eight","price":8,"colour":"red"}',
  ],
  [
    '{"name":"first","id":1,"price":1,"address":{"city":"Bonn"},"tags":["x","y"],"sold":true,"sizes":[],"words":["B"]}',
    '{"id":2,"address":["Bonn"]}',
  ],
];

const strings = [
  '{"id":1,"b":{"a":1},"j":[1]}',
  '{"id":2,"b":"{\\"a\\": 1}","j":" [1]"}',
  '{"id":3,"b":"12","j":null}',
  '{"id":4,"b":null,"j":"true"}',
  '{"id":5,"b":"null","j":12}',
  '{"id":6,"b":"n\\u00e9e","j":1}',
  '{"id":7,"b":"\\"x\\"","j":1}',
  '{"id":8,"b":"N/A","j":1}',
  '{"id":9,"b":"","j":1}',
  '{"id":10,"b":"\\u007b}","j":1}',
];

describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
  test.each([
    [undefined, ['{"a": 1}', '{"a": 1}', null, '{}'], { JSON_STRING: 6 }],
    ['text', ['{"a": 1}', '{"a": 1}', '12', null, 'null', '"x"', null, '{}'], { FORMAT: 2 }],
    ['value', ['{"a": 1}', '"{\\"a\\": 1}"', '"12"', null, '"null"', '"née"', '"\\"x\\""', null, '""', '"{}"'], {}],
  ] as const)('strings for jsonb under json_strings: %s', async (json_strings, stored, rejected) => {
    lab.reset();
    const format = { type: 'ndjson', ...(json_strings ? { json_strings } : {}) };
    const nulls = [json_strings === 'value' ? '"N/A"' : 'N/A'];
    const columns = { id: { type: 'bigint', key: true }, b: { type: 'jsonb', nulls }, j: 'json' };
    const text = strings.map((each) => `${each}\n`).join('');
    const { found, expected } = await lab.night({ columns, format }, text, engine);
    expect(found).toEqual(expected);
    expect(found.rejected).toEqual(rejected);
    const rows = found.inserted.map((row) => JSON.parse(row) as (string | null)[]);
    rows.sort(([a], [b]) => Number(a) - Number(b));
    expect(rows.map(([_id, b]) => b)).toEqual(stored);
  });
});

/** By kind, how it writes these records. */
const kinds = [
  { format: { type: 'ndjson', fields }, write: (records: string[]) => records.map((each) => `${each}\n`).join('') },
  {
    format: { type: 'json', fields, records: ['data'] },
    write: (records: string[]) => `{"data": [\n  ${records.join(',\n  ')}\n], "count": 1}`,
  },
];

describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
  test.each(kinds)('JSON is compared and rejected as the oracle says: $format.type', async ({ format, write }) => {
    lab.reset();
    const engines: string[] = [];
    const rejected: unknown[] = [];
    const seen: string[] = [];
    for (const night of nights) {
      const { found, expected, receipt } = await lab.night({ ...table, format }, write(night), engine);
      expect(found).toEqual(expected);
      // Backslashes of converted text are the vendor's own, and no escapes.
      expect(receipt.tables.t!.signs?.backslashes).toBeUndefined();
      engines.push(receipt.tables.t!.engine);
      rejected.push(receipt.tables.t!.rejected);
      seen.push(...found.updated);
    }
    // The first night has nothing to walk beside.
    expect(engines[1]).toBe(engine);
    expect(rejected).toEqual([{ FORMAT: 3 }, { SYNTAX: 1, INVALID_UTF8: 1, FORMAT: 1 }, { SYNTAX: 1 }]);
    expect(seen[0]).toBe(
      JSON.stringify(['2', 'D:\\', '123456789012345678901234567.80', null, null, null, null, null, null]),
    );
  });
});
