import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineLab } from '../../support/engines/engine-lab.ts';
import { describeEngines } from '../../support/engines/engines.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open({ partBytes: 60 });
});
afterAll(() => lab.close());

const table = {
  format: {
    type: 'fixed-width',
    fields: { id: { start: 1, length: 3 }, name: { start: 4, length: 12 }, price: { start: 16, length: 6 } },
  },
  columns: { id: { type: 'bigint', key: true }, name: 'text', price: { type: 'decimal(9,2)', trim: true } },
  on_delete: 'delete',
};
const line = (id: number | string, name: string, price: string) =>
  `${String(id).padEnd(3)}${name.padEnd(12)}${price.padStart(6)}\n`;
const unchanged = line(1, 'a, "quoted"', '1.50');
const nights = [
  [unchanged, line(2, 'C:\\', '2'), line(3, '', ''), line(4, 'größe', '4')],
  [
    unchanged,
    line(2, 'D:\\', '2'),
    line(3, 'three', ''),
    '5  cut\n',
    Buffer.concat([Buffer.from('6  '), Buffer.from([0xff]), Buffer.from(line('', '', '1').slice(4))]),
    line(7, 'seven', 'much'),
    line(8, 'a\tb', '8'),
  ],
  [line(1, 'first', '1')],
].map((lines) => Buffer.concat(lines.map((each) => Buffer.from(each))));

describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
  test('fixed width is compared and rejected as the oracle says', async () => {
    lab.reset();
    const engines: string[] = [];
    const rejected: unknown[] = [];
    for (const night of nights) {
      const { found, expected, receipt } = await lab.night(table, night, engine);
      expect(found).toEqual(expected);
      engines.push(receipt.tables.t!.engine);
      rejected.push(receipt.tables.t!.rejected);
    }
    // The first night has nothing to walk beside.
    expect(engines[1]).toBe(engine);
    expect(rejected).toEqual([{}, { RECORD_LENGTH: 1, INVALID_UTF8: 1, TAB: 1, FORMAT: 1 }, {}]);
  });
});
