import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const products = {
  files: 'p*.csv',
  columns: { id: { type: 'integer', key: true }, title: 'text' },
  on_delete: 'delete',
};
const stock = {
  files: 's*.csv',
  columns: { id: { type: 'integer', key: true }, product: 'integer' },
  on_delete: 'delete',
};
const base = {
  products: [
    ['1', 'one'],
    ['2', 'two'],
  ],
  stock: [
    ['10', '1'],
    ['20', '2'],
  ],
};
/** Product 1 changes, 2 goes, 3 comes; the vendor still sends the stock of 2. */
const next = {
  products: [
    ['1', 'uno'],
    ['3', 'three'],
  ],
  stock: [
    ['10', '1'],
    ['20', '2'],
    ['30', '3'],
  ],
};

const onEvery = (event: string, body: string, timing = 'AFTER') => `
  CREATE FUNCTION shop.act() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN ${body} RETURN NEW; END$$;
  CREATE ${timing === 'CONSTRAINT' ? 'CONSTRAINT' : ''} TRIGGER act ${timing === 'CONSTRAINT' ? 'AFTER' : timing} ${event}
    ON shop.products ${timing === 'CONSTRAINT' ? 'DEFERRABLE INITIALLY DEFERRED' : ''} FOR EACH ROW EXECUTE FUNCTION shop.act()`;

const writers = [
  [
    'a key that deletes the rows of deleted parents',
    'ALTER TABLE shop.stock ADD FOREIGN KEY (product) REFERENCES shop.products ON DELETE CASCADE',
    'shop.stock: 1 inserted, 0 updated, 1 deleted rows; 1 inserted, 0 updated, 0 deleted were meant',
  ],
  [
    'a key that empties the rows of deleted parents',
    'ALTER TABLE shop.stock ADD FOREIGN KEY (product) REFERENCES shop.products ON DELETE SET NULL',
    'shop.stock: 1 inserted, 1 updated, 0 deleted rows; 1 inserted, 0 updated, 0 deleted were meant',
  ],
  [
    'a trigger that writes a row again after it was hashed',
    onEvery('INSERT', `UPDATE shop.products SET title = 'x' WHERE id = NEW.id;`),
    'shop.products: 1 inserted, 2 updated, 1 deleted rows; 1 inserted, 1 updated, 1 deleted were meant',
  ],
  [
    'a trigger that waits for the end of the transaction',
    onEvery('INSERT', `UPDATE shop.products SET title = 'x' WHERE id = NEW.id;`, 'CONSTRAINT'),
    'shop.products: 1 inserted, 2 updated, 1 deleted rows',
  ],
  [
    'a trigger that reaches another table',
    onEvery('UPDATE', 'DELETE FROM shop.stock WHERE id = 10;'),
    'shop.stock: 1 inserted, 0 updated, 1 deleted rows',
  ],
  [
    'a trigger that empties a table of which nothing changes',
    onEvery('UPDATE', 'TRUNCATE shop.dated;'),
    'shop.dated: emptied or replaced',
  ],
  [
    'a trigger that writes history of its own',
    onEvery('UPDATE', `INSERT INTO shop.dated_history VALUES (7, 'x', '2026-11-01', '2026-11-02');`),
    'shop.dated_history: 1 inserted, 0 updated, 0 deleted rows; 0 inserted',
  ],
  [
    'a rule that keeps what is to be deleted',
    `CREATE RULE keep AS ON DELETE TO shop.products DO INSTEAD
       UPDATE shop.products SET title = 'kept' WHERE id = OLD.id RETURNING OLD.*`,
    'shop.products: 1 inserted, 2 updated, 0 deleted rows; 1 inserted, 1 updated, 1 deleted were meant',
  ],
] as const;

const withdrawn = `
  ALTER TABLE shop.stock DROP CONSTRAINT IF EXISTS stock_product_fkey;
  DROP RULE IF EXISTS keep ON shop.products;
  DROP FUNCTION IF EXISTS shop.act() CASCADE`;

describePostgres('what else writes in the publishing transaction', (version) => {
  test('is counted, and everything rolled back', async () => {
    const lab = await targetLab(version, shopFeed({ products, stock, dated: { ...products, history: true } }));
    await lab.night('2026-11-20', { ...base, dated: base.products });
    const before = await everything(lab);
    for (const [what, statement, message] of writers) {
      await lab.sql.unsafe(statement);
      await expect(lab.night('2026-11-21', { ...next, dated: base.products }), what).rejects.toMatchObject({
        name: 'PROOF_FAILED',
        message: expect.stringMatching(new RegExp(`${message}.*; there is (trigger|rule|foreign key) `)),
      });
      await lab.sql.unsafe(withdrawn);
    }
    expect(await everything(lab)).toEqual(before);
    expect(await lab.night('2026-11-21', { ...next, dated: base.products })).toMatchObject({ kind: 'published' });
  });

  test('also in a first load, and in a table of another feed', async () => {
    const lab = await targetLab(version, shopFeed({ products, stock }));
    const other = { ...shopFeed({ others: products }), feed: 'other' };
    await lab.target.migrate(other);
    await lab.sql.unsafe(onEvery('INSERT', `INSERT INTO shop.others VALUES (NEW.id, 'x', now(), now());`));

    await expect(lab.night('2026-11-20', base)).rejects.toMatchObject({
      name: 'PROOF_FAILED',
      message: expect.stringContaining('shop.others: 2 inserted'),
    });
  });

  test('no count sees values: those that a trigger changes before it are found by the hash', async () => {
    const lab = await labWithBase();
    await lab.sql.unsafe(onEvery('INSERT', `NEW.title := 'x';`, 'BEFORE'));
    await expect(lab.night('2026-11-21', next)).rejects.toMatchObject({
      name: 'PROOF_FAILED',
      message: expect.stringMatching(/^products: wrote 2 rows \w+; the change set has 2 rows/),
    });
  });

  test('what touches no table of nightfeed lets the night in', async () => {
    const lab = await labWithBase();
    await lab.sql.unsafe(`CREATE TABLE shop.log (id integer);
      ${onEvery('INSERT OR UPDATE', 'INSERT INTO shop.log VALUES (NEW.id);')}`);
    expect(await lab.night('2026-11-21', next)).toMatchObject({ kind: 'published' });
    expect(await lab.rows('log')).toEqual([{ id: 1 }, { id: 3 }]);
  });

  test('rows of partitions and of INHERITS children count for their table', async () => {
    const lab = await labWithBase();
    await lab.sql.unsafe(`
      ALTER TABLE shop.stock RENAME TO whole;
      CREATE TABLE shop.stock (LIKE shop.whole INCLUDING DEFAULTS, PRIMARY KEY (id)) PARTITION BY RANGE (id);
      CREATE TABLE shop.low PARTITION OF shop.stock FOR VALUES FROM (MINVALUE) TO (20);
      CREATE TABLE shop.high PARTITION OF shop.stock FOR VALUES FROM (20) TO (MAXVALUE);
      INSERT INTO shop.stock SELECT * FROM shop.whole;
      CREATE TABLE shop.old () INHERITS (shop.products);
      INSERT INTO shop.old SELECT * FROM shop.products WHERE id = 1;
      DELETE FROM ONLY shop.products WHERE id = 1`);
    const changed = {
      ...next,
      stock: [
        ['10', '2'],
        ['20', '1'],
        ['30', '3'],
      ],
    };

    // All of these rows lie at the same places of different partitions.
    expect(await lab.night('2026-11-21', changed)).toEqual({
      kind: 'published',
      tables: {
        products: { inserted: 1, updated: 1, returned: 0, gone: 1 },
        stock: { inserted: 1, updated: 2, returned: 0, gone: 0 },
      },
    });
    expect(await lab.rows('stock', 'id, product')).toEqual([
      { id: 10, product: 2 },
      { id: 20, product: 1 },
      { id: 30, product: 3 },
    ]);
    await lab.sql.unsafe(onEvery('INSERT', 'UPDATE shop.high SET product = 9 WHERE id = 20;'));
    await expect(
      lab.night('2026-11-22', { ...changed, products: [...next.products, ['4', 'four']] }),
    ).rejects.toMatchObject({
      name: 'PROOF_FAILED',
      message: expect.stringContaining('shop.stock: 0 inserted, 1 updated'),
    });
  });

  test('work that was undone is no work: stamped rows return to a table that deletes now', async () => {
    const lab = await targetLab(version, shopFeed({ products: { ...products, on_delete: 'retain' } }));
    await lab.night('2026-11-20', { products: base.products });
    await lab.night('2026-11-21', { products: [['1', 'one']] });
    const deleting = {
      ...(await lab.publication('2026-11-22', { products: base.products })),
      feed: shopFeed({ products }),
    };

    expect(await lab.target.publish(deleting)).toMatchObject({ tables: { products: { returned: 1 } } });
  });

  test('a server that does not count is refused by name', async () => {
    const lab = await labWithBase();
    await lab.sql.unsafe(`ALTER DATABASE ${new URL(lab.url).pathname.slice(1)} SET track_counts = off`);
    await expect(lab.night('2026-11-21', next)).rejects.toMatchObject({
      name: 'DATABASE_SETTING',
      message: expect.stringContaining('track_counts is off'),
    });
  });

  const labWithBase = async () => {
    const lab = await targetLab(version, shopFeed({ products, stock }));
    await lab.night('2026-11-20', base);
    return lab;
  };
});

async function everything(lab: Lab): Promise<unknown> {
  return [await lab.rows('products'), await lab.rows('stock'), await lab.ledger.applied('shop')];
}
