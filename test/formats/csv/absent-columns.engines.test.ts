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

/** Files of one night, each under a header of its own: another order, columns that it lacks, one that is not read. */
const parts = [
  { 't1.csv': 'id,name,note,price\n1,a,x,1\n2,b,,2\n', 't2.csv': 'price,note,name,id\n3,y,c,3\n4,-,d,4\n' },
  {
    't1.csv': 'name,id\na,1\nb,2\n',
    't2.csv': 'note,junk,id,name,price\ny,"7,8",3,c,30\nz,9,4,d,4\n',
    't3.csv': 'id,name\n5,e\n6\n',
  },
  { 't1.csv': 'junk,note,id,name\n0,x,1,a\n0,-,2,b\n', 't2.csv': 'junk,note,id,name\n0,,3,c\n0,z,4,d\n0,-,5,e\n' },
  { 't1.csv': 'junk,note,id,name\n1,x,1,a\n0,,2,b\n', 't2.csv': 'junk,note,id,name\n0,,3,c\n0,z,4,D\n' },
];
const outcomes = [
  { inserted: ['1 a x 1.00', '2 b  2.00', '3 c y 3.00', '4 d ~ 4.00'] },
  { inserted: ['5 e ~ ~'], updated: ['1 a ~ ~', '2 b ~ ~', '3 c y 30.00', '4 d z 4.00'], rejected: { FIELD_COUNT: 1 } },
  { updated: ['1 a x ~', '3 c  ~', '4 d z ~'], unchanged: 2 },
  { updated: ['2 b  ~', '4 D z ~'], gone: ['5 e ~ ~'], unchanged: 2 },
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

  test('each file of a night has its own columns, as the oracle says', async () => {
    lab.reset();
    const engines: string[] = [];
    for (const [night, files] of parts.entries()) {
      const { found, expected, receipt } = await lab.night(
        { ...table, files: 't*.csv', ignore: ['junk'] },
        files,
        engine,
      );
      const { inserted, updated, gone, rejected, unchanged } = found;
      const rows = { inserted: readable(inserted), updated: readable(updated), gone: readable(gone) };
      expect({ ...rows, rejected, unchanged }, `night ${night + 1}`).toEqual({ ...nothing, ...outcomes[night] });
      expect(found).toEqual(expected);
      engines.push(receipt.tables.t!.engine);
    }
    // Lockstep walks beside files under the same header alone, be it another than the feed's; otherwise DuckDB compares.
    const always = engine === 'lockstep' ? 'duckdb' : engine;
    expect(engines.slice(1)).toEqual([always, always, engine]);
  });
});

const nothing = { inserted: [], updated: [], gone: [], rejected: {}, unchanged: 0 };

const readable = (rows: readonly string[]) =>
  rows.map((row) => (JSON.parse(row) as (string | null)[]).map((value) => value ?? '~').join(' '));
