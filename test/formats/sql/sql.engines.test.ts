import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineLab } from '../../support/engines/engine-lab.ts';
import { describeEngines } from '../../support/engines/engines.ts';

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open({ partBytes: 60 });
});
afterAll(() => lab.close());

const table = {
  format: { type: 'sql' },
  columns: { id: { type: 'bigint', key: true }, name: 'text', price: 'decimal(9,2)' },
  on_delete: 'delete',
};
const dump = (...rows: string[]) => `-- MySQL dump 10.13
CREATE TABLE \`t\` (\`id\` bigint, \`name\` text, \`price\` decimal(9,2));
INSERT INTO \`t\` VALUES ${rows.join(',')};
-- Dump completed
`;
const unchanged = String.raw`(1,'a, "quoted"\nname',1.50)`;
const nights = [
  dump(unchanged, String.raw`(2,'C:\\',2)`, "(3,'',NULL)", '(4,NULL,4)'),
  dump(unchanged, String.raw`(2,'D:\\',2)`, "(3,'three',NULL)", '(5)', String.raw`(6,'\0',1)`, "(7,'seven','much')"),
  dump("(1,'first',1)"),
];

describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
  test('a dump is compared and rejected as the oracle says', async () => {
    lab.reset();
    const engines: string[] = [];
    const rejected: unknown[] = [];
    for (const night of nights) {
      const { found, expected, receipt } = await lab.night(table, night, engine);
      expect(found).toEqual(expected);
      // Backslashes of text are the vendor's own, and no escapes.
      expect(receipt.tables.t!.signs?.backslashes).toBeUndefined();
      engines.push(receipt.tables.t!.engine);
      rejected.push(receipt.tables.t!.rejected);
    }
    // The first night has nothing to walk beside.
    expect(engines[1]).toBe(engine);
    expect(rejected).toEqual([{}, { FIELD_COUNT: 1, NUL_BYTE: 1, FORMAT: 1 }, {}]);
  });
});
