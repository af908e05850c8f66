import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineLab } from '../../../support/engines/engine-lab.ts';
import { describeEngines } from '../../../support/engines/engines.ts';
import { type Writing, written } from '../../../support/formats/written.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open({ partBytes: 60 });
});
afterAll(() => lab.close());

const columns = { id: { type: 'bigint', key: true }, name: 'text', price: 'decimal(9,2)' };

const dialects: readonly (readonly [Record<string, unknown>, Writing, malformed: string])[] = [
  [{ delimiter: '~|~', record_end: '\x1e' }, { delimiter: '~|~', quote: '"', recordEnd: '\x1e' }, '5~|~a"b~|~1\x1e'],
  [
    { delimiter: '\t', quote: '', escape: 'mysql', null_values: ['\\N'] },
    { delimiter: '\t', escape: 'mysql', nothing: '\\N' },
    '5\ta\\zb\t1\n',
  ],
];

/** What is behind landing sees record text, whatever the file was. */
describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
  test.each(dialects)('%j is compared and rejected as the oracle says', async (format, writing, malformed) => {
    lab.reset();
    const table = { format, columns, on_delete: 'delete' };
    const nights = [
      [
        ['1', 'a, "quoted"\nname', '1.50'],
        ['2', 'C:\\', '2'],
        ['3', '', null],
        ['4', null, '4'],
      ],
      [
        ['1', 'a, "quoted"\nname', '1.50'],
        ['2', 'D:\\', '2'],
        ['3', null, null],
        ['7', 'seven', 'much'],
        ['8', '\ttab|and\r', '8'],
      ],
    ].map((rows) => written([Object.keys(columns), ...rows], writing)!);
    const rejected: unknown[] = [];
    for (const night of [nights[0]!, nights[1]! + malformed, nights[0]!]) {
      const { found, expected, receipt } = await lab.night(table, night, engine);
      expect(found).toEqual(expected);
      rejected.push(receipt.tables.t!.rejected);
    }
    expect(rejected[1]).toEqual({ [format.escape ? 'SYNTAX' : 'QUOTE']: 1, FORMAT: 1 });
  });
});
