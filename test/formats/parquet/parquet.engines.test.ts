import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineLab } from '../../support/engines/engine-lab.ts';
import { describeEngines } from '../../support/engines/engines.ts';
import { parquetOf } from '../../support/formats/parquet.ts';

let lab: EngineLab;
let nights: Buffer[];
beforeAll(async () => {
  lab = await EngineLab.open({ partBytes: 200 });
  nights = await Promise.all([night(), night(changes), night(`${changes} ORDER BY hash(id)`)]);
});
afterAll(() => lab.close());

const table = {
  format: { type: 'parquet', fields: { city: ['address', 'city'] } },
  columns: {
    id: { type: 'bigint', key: true },
    name: 'text',
    price: 'decimal(9,2)',
    ratio: 'double',
    day: 'date',
    made: 'timestamp',
    seen: 'timestamptz',
    sold: 'boolean',
    mark: 'uuid',
    city: 'text',
    address: 'json',
  },
  on_delete: 'delete',
};

/** Forty rows, two row groups of DuckDB's least size apart; the last columns hold what text could confuse. */
function night(changed = 'SELECT * FROM rows'): Promise<Buffer> {
  const texts = `['', NULL, 'a, "b"', 'two' || chr(10) || 'lines', 'größe €', ' x ', 'b' || chr(65279)]`;
  return parquetOf(`WITH rows AS (SELECT i AS id, (${texts})[1 + i % 7] AS name, CAST(i * 1.25 AS DECIMAL(12,4)) AS price,
      i / 3.0::DOUBLE AS ratio, DATE '2024-02-27' + CAST(i AS INTEGER) AS day, TIMESTAMP_NS '2024-01-01 00:00:00.000001' AS made,
      TIMESTAMPTZ '2024-01-01 12:00:00+00' - to_hours(i) AS seen, CASE WHEN i % 3 > 0 THEN i % 2 = 0 END AS sold,
      CAST('00000000-0000-4000-8000-' || lpad(CAST(i AS VARCHAR), 12, '0') AS UUID) AS mark,
      CASE WHEN i % 5 > 0 THEN {'city': 'city ' || i, 'zip': i} END AS address FROM range(40) t(i)) ${changed}`);
}

/** Rows 38 and 39 go, 3 changes, 5 has too many decimal places, 7 more than microseconds, 9 a NUL, 11 no number, 13 a year that is none. */
const changes = `SELECT * REPLACE (
    CASE id WHEN 3 THEN 99 WHEN 5 THEN 1.2345 ELSE price END AS price,
    CASE id WHEN 7 THEN TIMESTAMP_NS '2024-01-01 00:00:00.123456789' ELSE made END AS made,
    CASE id WHEN 9 THEN 'n' || chr(0) ELSE name END AS name,
    CASE id WHEN 11 THEN 'nan'::DOUBLE ELSE ratio END AS ratio,
    CASE id WHEN 13 THEN DATE '0999-12-31' ELSE day END AS day)
  FROM rows WHERE id < 38`;

describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
  test('Parquet is compared and rejected as the oracle says', async () => {
    lab.reset();
    const engines: string[] = [];
    const rejected: unknown[] = [];
    for (const bytes of nights) {
      const { found, expected, receipt } = await lab.night(table, bytes, engine);
      expect(found).toEqual(expected);
      engines.push(receipt.tables.t!.engine);
      rejected.push(receipt.tables.t!.rejected);
    }
    expect(engines[1]).toBe(engine);
    expect(rejected).toEqual([{}, ...Array(2).fill({ SCALE: 2, NUL_BYTE: 1, NOT_A_NUMBER: 1, DATE_RANGE: 1 })]);
  });
});
