import { afterAll, beforeAll, expect, test } from 'vitest';
import { convertedRecord } from '../../lib/core/records/record-text.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { describeEngines } from '../support/engines/engines.ts';
import { ndjson } from '../support/formats/ndjson.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open({ formats: [ndjson], partBytes: 60 });
});
afterAll(() => lab.close());

const table = {
  format: { type: 'ndjson' },
  columns: { id: { type: 'bigint', key: true }, name: 'text', price: 'decimal(9,2)' },
  on_delete: 'delete',
};
const unchanged = { id: 1, name: 'a, "quoted"\nname', price: '1.50' };
const nights = [
  lines(
    unchanged,
    { id: 2, name: 'C:\\', price: 2 },
    { id: 3, name: '', price: null },
    { price: 4, id: 4, name: null },
  ),
  lines(
    unchanged,
    { id: 2, name: 'D:\\', price: 2 },
    { id: 3, name: null },
    '{"id": 5, "name": "cut',
    { id: 6, name: '\ud800', price: 1 },
    { id: 7, name: 'seven', price: 'much' },
    { id: 8, name: 'eight', price: 8, colour: 'red' },
  ),
  lines({ name: 'first', id: 1, price: 1 }),
];

function lines(...records: unknown[]): string {
  return records.map((record) => `${typeof record === 'string' ? record : JSON.stringify(record)}\n`).join('');
}

/** A format that only tests know: what stands behind landing has no word of it. */
describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
  test('a format of another program is compared and rejected as the oracle says', async () => {
    lab.reset();
    const engines: string[] = [];
    const rejected: unknown[] = [];
    for (const night of nights) {
      const { found, expected, receipt } = await lab.night(table, night, engine);
      expect(found).toEqual(expected);
      // Backslashes of converted text are the vendor's own, and no escapes.
      expect(receipt.tables.t!.signs?.backslashes).toBeUndefined();
      engines.push(receipt.tables.t!.engine);
      rejected.push(receipt.tables.t!.rejected);
    }
    // The first night has nothing to walk beside.
    expect(engines[1]).toBe(engine);
    expect(rejected[1]).toEqual({ SYNTAX: 2, INVALID_UTF8: 1, FORMAT: 1 });
  });
});

test('a record of converted text has null and an empty text apart, and quotes only where it must', () => {
  expect(convertedRecord([null, '', 'a b', 'a,b', '"', 'a\r\nb', '\ufeff'])).toBe(
    ',"",a b,"a,b","""","a\r\nb","\ufeff"\n',
  );
});
