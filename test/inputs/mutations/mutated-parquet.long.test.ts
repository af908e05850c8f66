import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parquetOf } from '../../support/formats/parquet.ts';
import { isFull } from '../../support/full.ts';
import { tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { byteFault, withFault } from '../cases/byte-fault.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const NIGHTS = isFull ? 300 : 40;
const columns = { id: { type: 'bigint', key: true }, name: 'text' };
const guards = { min_rows: 0, gone: '100%', updated: '100%', rejected: '100%', rows: ['-100%', '+100000%'] };
const summed = readFileSync(new URL('../../formats/parquet/files/summed.parquet', import.meta.url));

/** The rows of a file with checksums are the vendor's, or none; of one without, there are at least as many, in their columns. */
test.each([
  ['with checksums', summed],
  [
    'without',
    await parquetOf(`SELECT i AS id, 'name ' || i AS name FROM range(1, 8) t(i)`, 'COMPRESSION uncompressed'),
  ],
] as const)(
  'one fault in the bytes of a file %s',
  async (about, good) => {
    const table = tableOf(columns, { files: 't*.parquet', format: { type: 'parquet' }, guards, on_delete: 'retain' });
    const feed = await lab.feed(table, { 't.parquet': good });
    const whole = await feed.rows();
    const outcomes: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(byteFault, async (of) => {
        const bad = withFault(good, of);
        const night = await feed.night({ 't.parquet': bad });
        outcomes[night.state] = (outcomes[night.state] ?? 0) + 1;
        const story = JSON.stringify({ of, night });
        const rows = await feed.rows();
        expect(await feed.isProved(), story).toBe(true);
        if (night.state === 'refused')
          expect(night.error!.name, story).toMatch(/^(PARQUET|BAD_MAGIC|EMPTY|HEADER|SCHEMA|COLUMN|ENCODING)/);
        else expect(night.state, story).toMatch(/^(published|unchanged|held)$/);
        if (about === 'with checksums') expect(rows, story).toEqual(whole);
        // A flipped bit in a value is another value, as in a CSV file; it is no other number of rows, and in no other column.
        if (night.state === 'published') {
          expect(
            rows.filter(([, name]) => /^\d+$/.test(name ?? '')),
            story,
          ).toEqual([]);
          if (Object.keys(night.rejected).length === 0) expect(rows, story).toHaveLength(whole.length);
          const back = await feed.night({ 't.parquet': good });
          expect(back.state).toMatch(/^(published|unchanged)$/);
          expect((await feed.rows()).filter(([id]) => whole.some(([known]) => known === id))).toEqual(whole);
        }
      }),
      { numRuns: NIGHTS },
    );
    expect(Object.keys(outcomes)).toContain('refused');
  },
  900_000,
);
