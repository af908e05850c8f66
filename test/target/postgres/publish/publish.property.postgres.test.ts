import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../../../lib/core/diff/row.ts';
import { type ColumnType, plainTypes } from '../../../../lib/core/feed/values/column-type.ts';
import { parseValue } from '../../../../lib/core/feed/values/value.ts';
import { rawValue } from '../../../support/engines/raw-value.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

/** Without citext, for which the database would need its extension. */
const types: readonly ColumnType[] = [
  ...plainTypes.filter((type) => type !== 'citext'),
  'varchar(6)',
  'decimal(12,2)',
  'text[]',
  'boolean[]',
];
const columns = { id: { type: 'integer', key: true }, ...Object.fromEntries(types.map((type) => [type, type])) };

/** A night's rows: a few keys out of few, so that nights insert, change, drop and return them. */
const night: fc.Arbitrary<Row[]> = fc
  .uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 6 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .tuple(...types.map((type) => fc.option(goodValue(type), { freq: 4 })))
          .map((values): Row => [`${id}`, ...values]),
      ),
    ),
  );

const goodValue = (type: ColumnType) => rawValue(type).filter((raw) => parseValue({ type }, raw).code === undefined);

describePostgres('any sequence of nights', (version) => {
  test.each([{ on_delete: 'retain' }, { on_delete: 'delete' }, { on_delete: 'delete', retain_where: 'id > 3' }])(
    'is proved, audited and versioned without gaps or overlaps (%j)',
    async (policy) => {
      const nights = fc.array(night, { minLength: 2, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(nights, async (sequence) => {
          const lab = await targetLab(version, shopFeed({ all: { files: '*', columns, history: true, ...policy } }));
          for (const [index, rows] of sequence.entries()) {
            await lab.night(`2026-11-${10 + index}`, { all: rows });

            const [finding] = await lab.target.audit('shop');
            expect(finding!.found).toEqual(finding!.expected);
            expect(finding!.found.rows).toBe(rows.length);
          }
          expect(await lab.sql`SELECT id FROM shop.all WHERE _gone_since IS NULL ORDER BY id`).toEqual(
            sequence
              .at(-1)!
              .map(([id]) => ({ id: Number(id) }))
              .sort((a, b) => a.id - b.id),
          );
          if (policy.retain_where)
            expect(await lab.sql`SELECT id FROM shop.all WHERE _gone_since IS NOT NULL AND id <= 3`).toEqual([]);
          expect(
            await lab.sql`
            SELECT a.id FROM shop.all_versions a JOIN shop.all_versions b
              ON a.id = b.id AND a._valid_from < b._valid_from AND coalesce(a._valid_to, 'infinity') > b._valid_from`,
          ).toEqual([]);
        }),
        { numRuns: 4 },
      );
    },
  );
});
