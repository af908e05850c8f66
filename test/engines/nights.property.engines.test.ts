import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csv } from '../support/engines/csv.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { describeEngines } from '../support/engines/engines.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open();
});
afterAll(() => lab.close());

const name = fc.constantFrom(
  'pear',
  'fig, dried',
  'a "quoted" one',
  'two\nlines',
  'crlf\r\nend',
  '',
  null,
  'back\\',
  '"',
  'ünï\u2028',
  '\\.',
  'tab\there',
);
const price = fc.constantFrom('1.50', '1.5', '01.50', '2', '2.0', '-0', '0', 'x', '1.239', null);
const key = fc.tuple(
  fc.constantFrom('1', '2', '3', '4', '5', '05', '6', 'oops', null),
  fc.constantFrom('n', 's', ' n', 'n\u2028', null),
);
const row = fc
  .tuple(key, name, price, fc.constantFrom('u1', 'u2', null))
  .map(([[id, region], ...rest]) => [id, region, ...rest]);
const sound = fc.array(row, { maxLength: 14 });
/** Records that break the structure, dropped in between sound ones. */
const broken = fc.constantFrom(
  '1,n,short\n',
  '9,n,too,many,fields,x\n',
  '2,n,a"b,1,u1\n',
  '3,s,"a"b,1,u1\n',
  '\n',
  '4,n,\u0000,1,u1\n',
  '\ufeff5,n,bom,1,u1\n',
);
const recordEnds = fc.constantFrom('\n', '\n', '\r\n', '\r');
/** Where the second file begins; null for one file. */
const cut = fc.option(fc.nat(10));
const night = fc.tuple(sound, fc.array(fc.tuple(fc.nat(20), broken), { maxLength: 2 }), fc.boolean(), recordEnds, cut);

const table = {
  columns: {
    id: { type: 'integer', key: true },
    region: { type: 'text', key: true },
    name: 'text',
    price: { type: 'decimal(6,2)', required: true },
    user: { type: 'text', compare: false },
  },
};

describeEngines(['duckdb', 'lockstep', 'spark'], (engine, runs) => {
  test('any nights: any order, leaving and returning, duplicates in one file and in two, rejects, carried rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 1, maxLength: 5 }), async (nights) => {
        lab.reset();
        for (const [rows, faults, isReordered, recordEnd, second] of nights) {
          const records = rows.map((fields) => csv([isReordered ? [...fields].reverse() : fields], { recordEnd }));
          for (const [at, text] of faults)
            records.splice(Math.min(at, records.length), 0, text.replace(/\n$/, recordEnd));
          const header = Object.keys(table.columns);
          const head = `${(isReordered ? header.reverse() : header).join(',')}${recordEnd}`;
          const files = {
            't1.csv': head + records.slice(0, second ?? records.length).join(''),
            ...(second === null ? {} : { 't2.csv': head + records.slice(second).join('') }),
          };
          const { found, expected } = await lab.night({ ...table, files: 't*.csv' }, files, engine);
          expect(found).toEqual(expected);
        }
      }),
      { numRuns: runs(20) },
    );
  });
});

const filters = [{}, { drop_row_when: "name = 'fig'" }];

/** At most so many such rows, and a record that is none, in one file or in two. */
function nightOf<Row extends readonly (string | null)[]>(row: fc.Arbitrary<Row>, most: number) {
  return fc.tuple(
    fc.array(row, { maxLength: most }),
    fc.array(fc.tuple(fc.nat(8), fc.constantFrom('1,short\n', '2,\u0000,1\n')), { maxLength: 1 }),
    cut,
  );
}

const version = fc.tuple(
  fc.constantFrom('1', '2', '02', '3', 'oops', null),
  fc.constantFrom('pear', 'fig', '', null),
  fc.constantFrom('1', '1.0', '2', '3', '-1', 'x', null),
);
const versions = {
  files: 't*.csv',
  collapse: { newest: 'version' },
  columns: {
    id: { type: 'integer', key: true },
    name: { type: 'text', required: true },
    version: { type: 'decimal(4,1)', compare: false },
  },
};

describeEngines(['duckdb', 'lockstep', 'spark'], (engine, runs) => {
  test.each(filters)('versions of keys, in files and nights of any kind: %j', (more) =>
    anyNights({ ...versions, ...more }, nightOf(version, 8), { engine, numRuns: runs(6) }),
  );
});

const keyless = {
  files: 't*.csv',
  key: 'none',
  columns: { id: 'integer', name: { type: 'text', in: ['pear', 'fig', ''] }, price: 'double' },
};
const few = fc.tuple(
  fc.constantFrom('1', '01', '2', 'oops', null),
  fc.constantFrom('pear', 'pear', 'fig', '', 'plum', null),
  fc.constantFrom('1', '1.0', '2', '-0', '0', null),
);
// Lockstep leaves such tables to DuckDB.
describeEngines(['duckdb', 'spark'], (engine, runs) => {
  test.each(filters)('rows without a key, in files and nights of any kind: %j', (more) =>
    anyNights({ ...keyless, ...more }, nightOf(few, 12), { engine, numRuns: runs(8) }),
  );
});

/** Nights of one table, each as the oracle has it. */
async function anyNights(
  table: Parameters<typeof lab.night>[0] & { readonly columns: object },
  some: ReturnType<typeof nightOf>,
  { engine, numRuns }: { readonly engine: Parameters<typeof lab.night>[2]; readonly numRuns: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(some, { minLength: 2, maxLength: 4 }), async (nights) => {
      lab.reset();
      for (const [rows, faults, second] of nights) {
        const files = filesOf(Object.keys(table.columns).join(), rows, faults, second);
        const { found, expected } = await lab.night(table, files, engine);
        expect(found).toEqual(expected);
      }
    }),
    { numRuns },
  );
}

/** Records with broken ones in between, in one file or in two. */
function filesOf(
  header: string,
  rows: readonly (readonly (string | null)[])[],
  faults: readonly (readonly [at: number, text: string])[],
  second: number | null,
): Record<string, string> {
  const records = rows.map((fields) => csv([fields]));
  for (const [at, text] of faults) records.splice(Math.min(at, records.length), 0, text);
  const file = (some: readonly string[]) => `${header}\n${some.join('')}`;
  return {
    't1.csv': file(records.slice(0, second ?? records.length)),
    ...(second === null ? {} : { 't2.csv': file(records.slice(second)) }),
  };
}

const otherColumns = {
  ...table,
  columns: {
    id: table.columns.id,
    region: table.columns.region,
    price: { type: 'decimal(6,2)' },
    name: { type: 'text', compare: false },
    color: 'text',
  },
};

describeEngines(['duckdb', 'spark'], (engine, runs) => {
  test('the reading spec changes between nights: each side is read under its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        sound,
        sound,
        fc.array(fc.constantFrom('red', null), { minLength: 14, maxLength: 14 }),
        async (first, second, colors) => {
          lab.reset();
          const before = await lab.night(table, `id,region,name,price,user\n${csv(first)}`, engine);
          expect(before.found).toEqual(before.expected);
          const rows = second.map(([id, region, called, cost], index) => [
            id ?? null,
            region ?? null,
            called ?? null,
            cost ?? null,
            colors[index] ?? null,
          ]);
          const after = await lab.night(otherColumns, `id,region,name,price,color\n${csv(rows)}`, engine);
          expect(after.found).toEqual(after.expected);
          const again = await lab.night(table, `id,region,name,price,user\n${csv(first)}`, engine);
          expect(again.found).toEqual(again.expected);
        },
      ),
      { numRuns: runs(8) },
    );
  });

  test.each(['\r\n', '\r', '\n'])('record ends %j', async (recordEnd) => {
    lab.reset();
    const rows = [
      ['1', 'n', 'two\nlines', '1', null],
      ['2', 'n', '', '2.00', 'x'],
      ['3', 's', null, '7', ''],
    ];
    const write = (some: (string | null)[][]) => `id,region,name,price,user${recordEnd}${csv(some, { recordEnd })}`;
    for (const some of [rows, rows.slice(1), [...rows].reverse()]) {
      const { found, expected } = await lab.night(table, write(some), engine);
      expect(found).toEqual(expected);
    }
  });

  test.each([
    [';', "'"],
    ['\t', ''],
    ['|', '"'],
  ])('delimiter %j and quote %j', async (delimiter, quote) => {
    lab.reset();
    const format = { delimiter, quote, null_values: ['', '\\N'] };
    const rows = [
      ['1', 'n', 'plain', '1', null],
      ['2', 'n', '\\N', '2.00', 'x,y'],
    ];
    const text = `${Object.keys(table.columns).join(delimiter)}\n${csv(rows, { delimiter, quote: quote || '\u0001' })}`;
    const { found, expected } = await lab.night({ ...table, format }, text, engine);
    expect(found).toEqual(expected);
  });

  test('a table of one column', async () => {
    const single = { columns: { k: { type: 'text', key: true } } };
    const field = fc.constantFrom('a\n', 'b\n', '"c\nd"\n', '\n', '""\n', 'e\n', '"a"\n', 'NULL\n', '#\n', ' \n');
    const file = fc.tuple(fc.array(field, { maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\r'));
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), async (files) => {
        lab.reset();
        for (const [lines, recordEnd] of files) {
          const text = lines.map((line) => line.replace(/\n$/, recordEnd)).join('');
          const { found, expected } = await lab.night(single, `k${recordEnd}${text}`, engine);
          expect(found).toEqual(expected);
        }
      }),
      { numRuns: runs(12) },
    );
  });
});
