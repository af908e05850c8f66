import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineLab } from '../../support/engines/engine-lab.ts';
import { describeEngines } from '../../support/engines/engines.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open({ partBytes: 60 });
});
afterAll(() => lab.close());

const table = {
  format: { null_values: ['-'] },
  columns: {
    id: { type: 'bigint', key: true },
    name: 'text',
    note: { type: 'text', may_be_absent: true },
    price: { type: 'decimal(9,2)', may_be_absent: true },
  },
  on_delete: 'delete',
};
const nights = [
  'id,name,note,price\n1,a,x,1\n2,b,,2\n3,c,-,-\n',
  'id,name\n1,a\n2,b\n4,d\n4,e\n',
  'price,id,name\n5,1,a\nmuch,2,b\n',
];

/** An empty field is an empty text here, and a column that does not come is null for all that. */
describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
  test('columns that a file lacks are null, as the oracle says', async () => {
    lab.reset();
    const updated: number[] = [];
    for (const night of nights) {
      const { found, expected, receipt } = await lab.night(table, night, engine);
      expect(found).toEqual(expected);
      updated.push(receipt.tables.t!.updated);
    }
    expect(updated).toEqual([0, 2, 1]);
  });
});
