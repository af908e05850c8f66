import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const keyed = { id: { type: 'integer', key: true } } as const;
/** In an order that no foreign key allows. */
const tables = {
  stock: { files: 's*.csv', columns: { ...keyed, product: 'integer' }, on_delete: 'delete', history: true },
  products: { files: 'p*.csv', columns: { ...keyed, sku: 'text' }, on_delete: 'delete' },
} as const;
const base = {
  stock: [
    ['10', '1'],
    ['20', '2'],
    ['30', '3'],
  ],
  products: [
    ['1', 'a'],
    ['2', 'b'],
    ['3', 'c'],
  ],
};
/** Product 2 goes with its stock; that of 3 moves to the new 4. */
const next = {
  stock: [
    ['10', '1'],
    ['30', '4'],
    ['40', '4'],
  ],
  products: [
    ['1', 'a'],
    ['4', 'd'],
  ],
};
const references = 'ALTER TABLE shop.stock ADD FOREIGN KEY (product) REFERENCES shop.products';
const keys = ['', 'ON DELETE RESTRICT', 'ON DELETE CASCADE', 'ON DELETE CASCADE DEFERRABLE', 'DEFERRABLE'];
const uniqueSku = 'ALTER TABLE shop.products ADD UNIQUE (sku)';

describePostgres('tables with constraints of their own', (version) => {
  test('parents are born before their children and die after them, whatever their key says', async () => {
    const lab = await targetLab(version, shopFeed(tables));
    await lab.night('2026-11-01', base);
    for (const [index, how] of keys.entries()) {
      await lab.sql.unsafe(`${references} ${how}`);
      expect(await lab.night(`2026-11-${10 + 2 * index}`, next), how).toMatchObject({
        tables: {
          products: { inserted: 1, updated: 0, gone: 2 },
          stock: { inserted: 1, updated: 1, gone: 1 },
        },
      });
      expect(await lab.night(`2026-11-${11 + 2 * index}`, base), how).toMatchObject({ kind: 'published' });
      expect(await rowsOf(lab)).toEqual(base);
      await lab.sql.unsafe('ALTER TABLE shop.stock DROP CONSTRAINT stock_product_fkey');
    }
  });

  test('a first load comes after its parents, and its key while nothing waits', async () => {
    const lab = await targetLab(version, shopFeed({ stock: tables.stock, products: tables.products }));
    await lab.night('2026-11-20', { products: base.products });
    await lab.sql.unsafe(`${references} DEFERRABLE INITIALLY DEFERRED`);
    expect(await lab.night('2026-11-21', next)).toMatchObject({ tables: { stock: { inserted: 3 } } });
  });

  test('tables that refer to each other need one key that waits', async () => {
    const circle = `${references}; ALTER TABLE shop.products ADD COLUMN best integer;
      ALTER TABLE shop.products ADD FOREIGN KEY (id) REFERENCES shop.stock`;
    const same = { stock: [['1', '1']], products: [['1', 'a']] };
    const more = { stock: [...same.stock, ['2', '2']], products: [...same.products, ['2', 'b']] };
    const lab = await labWithBase(circle, same);
    await expect(lab.night('2026-11-21', more)).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
      message: expect.stringMatching(
        /^PostgreSQL refused a row \(23503\): constraint \w+_fkey, table shop\.\w+, key \(\w+\)$/,
      ),
      hint: expect.stringContaining('DEFERRABLE'),
    });
    await lab.sql.unsafe('ALTER TABLE shop.stock ALTER CONSTRAINT stock_product_fkey DEFERRABLE');
    expect(await lab.night('2026-11-21', more)).toMatchObject({ kind: 'published' });
    expect(await lab.night('2026-11-22', same)).toMatchObject({ kind: 'published' });
  });

  test('a unique value passes from rows that go to rows that change, and from these to new ones', async () => {
    const lab = await labWithBase(uniqueSku);
    const passed = {
      stock: base.stock,
      products: [
        ['1', 'c'],
        ['2', 'b'],
        ['4', 'a'],
      ],
    };
    expect(await lab.night('2026-11-21', passed)).toMatchObject({
      tables: { products: { inserted: 1, updated: 1, gone: 1 } },
    });
    expect(await rowsOf(lab)).toEqual(passed);
  });

  test('rows that exchange unique values: refused by name, unless the constraint waits', async () => {
    const lab = await labWithBase(uniqueSku);
    const exchanged = {
      stock: base.stock,
      products: [
        ['1', 'b'],
        ['2', 'a'],
        ['3', 'c'],
      ],
    };
    const refused = await lab.night('2026-11-21', exchanged).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      name: 'DATABASE_REFUSED',
      message: 'PostgreSQL refused a row (23505): constraint products_sku_key, table shop.products, key (sku)',
      hint: expect.stringContaining('DEFERRABLE'),
    });
    await lab.sql.unsafe('ALTER TABLE shop.products DROP CONSTRAINT products_sku_key, ADD UNIQUE (sku) DEFERRABLE');
    expect(await lab.night('2026-11-21', exchanged)).toMatchObject({ kind: 'published' });
    expect(await rowsOf(lab)).toEqual(exchanged);
  });

  test('a row that is gone and stays keeps its unique value, unless the index is of live rows', async () => {
    const retained = { products: { ...tables.products, on_delete: 'retain' } };
    const lab = await targetLab(version, shopFeed(retained));
    await lab.night('2026-11-20', { products: base.products });
    await lab.sql.unsafe(uniqueSku);
    const passed = { products: [...base.products.slice(0, 2), ['4', 'c']] };
    await expect(lab.night('2026-11-21', passed)).rejects.toMatchObject({
      message: 'PostgreSQL refused a row (23505): constraint products_sku_key, table shop.products, key (sku)',
      hint: expect.stringContaining('_gone_since IS NULL'),
    });
    await lab.sql.unsafe(`ALTER TABLE shop.products DROP CONSTRAINT products_sku_key;
      CREATE UNIQUE INDEX live_sku ON shop.products (sku) WHERE _gone_since IS NULL`);
    expect(await lab.night('2026-11-21', passed)).toMatchObject({ tables: { products: { inserted: 1, gone: 1 } } });
    // 3 returns beside new rows, one of which has the value of a live row.
    const returned = { products: [...passed.products, ['3', 'x'], ['5', 'a']] };
    await expect(lab.night('2026-11-22', returned)).rejects.toMatchObject({
      message: 'PostgreSQL refused a row (23505): constraint live_sku, table shop.products, key (sku)',
    });
  });

  test('a new row whose unique value another row holds is no drift', async () => {
    const lab = await labWithBase(uniqueSku);
    const doubled = { ...base, products: [...base.products, ['4', 'a']] };
    await expect(lab.night('2026-11-21', doubled)).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
      message: expect.stringContaining('products_sku_key'),
    });
  });

  test('a key that may wait does not: somebody else’s row is found where it is written', async () => {
    const lab = await labWithBase(
      'ALTER TABLE shop.products DROP CONSTRAINT products_pkey, ADD PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED',
    );
    await lab.sql.unsafe(`INSERT INTO shop.products VALUES (4, 'x', now(), now())`);
    await expect(lab.night('2026-11-21', next)).rejects.toMatchObject({
      name: 'DRIFT',
      message: 'shop.products: 1 of 1 new keys are there already',
    });
  });

  const labWithBase = async (statement: string, rows: typeof base = base) => {
    const lab = await targetLab(version, shopFeed(tables));
    await lab.night('2026-11-20', rows);
    await lab.sql.unsafe(statement);
    return lab;
  };
});

/** As the vendor sends them. */
async function rowsOf(lab: Lab): Promise<unknown> {
  const [stock, products] = [await lab.rows('stock', 'id, product'), await lab.rows('products', 'id, sku')];
  const texts = (rows: Record<string, unknown>[]) => rows.map((row) => Object.values(row).map(String));
  return { stock: texts(stock), products: texts(products) };
}
