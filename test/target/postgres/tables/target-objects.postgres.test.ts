import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const products = {
  files: 'p*.csv',
  columns: { id: { type: 'integer', key: true }, sku: 'text' },
  history: true,
};
const stock = { files: 's*.csv', columns: { id: { type: 'integer', key: true }, product: 'integer' } };

const functions = `
  CREATE FUNCTION shop.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE SCHEMA other;
  CREATE TABLE other.parents (id integer PRIMARY KEY);
  INSERT INTO other.parents VALUES (1)`;
const trigger = (name: string, on: string) =>
  `CREATE TRIGGER ${name} BEFORE UPDATE ON ${on} FOR EACH ROW EXECUTE FUNCTION shop.nothing()`;

/** What one statement makes of the tables, and back. */
const objects: readonly (readonly [statement: string, found: readonly string[], undo: string])[] = [
  [trigger('audit', 'shop.products'), ['products: trigger products.audit'], 'DROP TRIGGER audit ON shop.products'],
  [
    trigger('"An ""odd"" name"', 'shop.products_history'),
    ['products: trigger products_history."An ""odd"" name"'],
    'DROP TRIGGER "An ""odd"" name" ON shop.products_history',
  ],
  [`${trigger('off', 'shop.stock')}; ALTER TABLE shop.stock DISABLE TRIGGER off`, [], 'DROP TRIGGER off ON shop.stock'],
  [
    `${trigger('copies', 'shop.stock')}; ALTER TABLE shop.stock ENABLE REPLICA TRIGGER copies`,
    [],
    'DROP TRIGGER copies ON shop.stock',
  ],
  [
    'CREATE TRIGGER cut BEFORE TRUNCATE ON shop.stock EXECUTE FUNCTION shop.nothing()',
    [],
    'DROP TRIGGER cut ON shop.stock',
  ],
  [
    `${trigger('always', 'shop.stock')}; ALTER TABLE shop.stock ENABLE ALWAYS TRIGGER always`,
    ['stock: trigger stock.always'],
    'DROP TRIGGER always ON shop.stock',
  ],
  [
    'CREATE RULE keep AS ON DELETE TO shop.stock DO INSTEAD NOTHING',
    ['stock: rule stock.keep'],
    'DROP RULE keep ON shop.stock',
  ],
  ...(
    [
      ['', []],
      ['ON DELETE RESTRICT', []],
      ['ON UPDATE CASCADE', []],
      ['ON DELETE CASCADE', ['on delete cascade']],
      ['ON DELETE SET NULL ON UPDATE CASCADE', ['on delete set null']],
      ['ON DELETE SET DEFAULT', ['on delete set default']],
    ] as const
  ).map(
    ([how, actions]) =>
      [
        `ALTER TABLE shop.stock ADD FOREIGN KEY (product) REFERENCES shop.products ${how}`,
        actions.map((action) => `stock: foreign key stock.stock_product_fkey (${action})`),
        'ALTER TABLE shop.stock DROP CONSTRAINT stock_product_fkey',
      ] as const,
  ),
  [
    'CREATE TABLE other.orders (product integer CONSTRAINT sold REFERENCES shop.products ON DELETE CASCADE)',
    ['products: foreign key other.orders.sold (on delete cascade)'],
    'DROP TABLE other.orders',
  ],
  [
    `ALTER TABLE shop.products ADD UNIQUE (sku);
     CREATE TABLE other.orders (sku text CONSTRAINT named REFERENCES shop.products (sku) ON UPDATE CASCADE)`,
    ['products: foreign key other.orders.named (on update cascade)'],
    'DROP TABLE other.orders; ALTER TABLE shop.products DROP CONSTRAINT products_sku_key',
  ],
  [
    'ALTER TABLE shop.stock ADD CONSTRAINT of FOREIGN KEY (product) REFERENCES other.parents ON DELETE CASCADE ON UPDATE CASCADE',
    ['stock: foreign key stock.of (on delete cascade, on update cascade)'],
    'ALTER TABLE shop.stock DROP CONSTRAINT of',
  ],
  ['CREATE TABLE shop.old () INHERITS (shop.stock)', ['stock: inheritance child old'], 'DROP TABLE shop.old'],
  [
    'CREATE TABLE other.all_stock (LIKE shop.stock); ALTER TABLE shop.stock INHERIT other.all_stock',
    ['stock: inheritance parent other.all_stock'],
    'ALTER TABLE shop.stock NO INHERIT other.all_stock; DROP TABLE other.all_stock',
  ],
  [
    `ALTER TABLE shop.stock ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY, ADD COLUMN twice integer GENERATED ALWAYS AS (2 * id) STORED`,
    ['stock: identity column stock.id'],
    'ALTER TABLE shop.stock ALTER COLUMN id DROP IDENTITY, DROP COLUMN twice',
  ],
  [
    `ALTER TABLE shop.stock DROP COLUMN product, ADD COLUMN product integer GENERATED ALWAYS AS (2 * id) STORED`,
    ['stock: generated column stock.product'],
    'ALTER TABLE shop.stock DROP COLUMN product, ADD COLUMN product integer',
  ],
  // The tests' role is above row-level security.
  [
    'ALTER TABLE shop.stock ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
    [],
    'ALTER TABLE shop.stock DISABLE ROW LEVEL SECURITY',
  ],
  [
    `ALTER TABLE shop.stock RENAME TO whole;
     CREATE TABLE shop.stock (LIKE shop.whole INCLUDING DEFAULTS, PRIMARY KEY (id)) PARTITION BY RANGE (id);
     CREATE TABLE shop.low PARTITION OF shop.stock FOR VALUES FROM (MINVALUE) TO (20);
     ALTER TABLE shop.stock ADD FOREIGN KEY (product) REFERENCES shop.products ON DELETE CASCADE;
     ${trigger('every', 'shop.stock')}; ${trigger('one', 'shop.low')}`,
    [
      'stock: foreign key stock.stock_product_fkey (on delete cascade)',
      'stock: trigger low.one',
      'stock: trigger stock.every',
    ],
    'DROP TABLE shop.stock; ALTER TABLE shop.whole RENAME TO stock',
  ],
];

describePostgres('what can change rows unseen', (version) => {
  test('is found by name, and nothing else is', async () => {
    const lab = await targetLab(version, shopFeed({ products, stock }));
    await lab.night('2026-11-20', { products: [['1', 'a']], stock: [['1', '1']] });
    const found = async () => (await lab.target.targetObjects(lab.feed)).map(({ table, name }) => `${table}: ${name}`);
    await lab.sql.unsafe(functions);
    expect(await found()).toEqual([]);
    for (const [statement, names, undo] of objects) {
      await lab.sql.unsafe(statement);
      expect(await found(), statement).toEqual(names);
      await lab.sql.unsafe(undo);
      expect(await found(), undo).toEqual([]);
    }
    expect(await lab.target.targetObjects(shopFeed({ absent: stock }))).toEqual([]);
  });

  test('code of a role that could get our rights by it is found by its name', async () => {
    const lab = await targetLab(version, shopFeed({ products, stock }));
    const role = `mallory_${version}_${process.pid}`;
    await lab.sql.unsafe(`CREATE ROLE ${role}; CREATE SCHEMA theirs AUTHORIZATION ${role}; SET ROLE ${role};
      CREATE FUNCTION theirs.f(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
      CREATE FUNCTION theirs.same(integer, integer) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
      CREATE FUNCTION theirs.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE OPERATOR theirs.=== (FUNCTION = theirs.same, LEFTARG = integer, RIGHTARG = integer);
      CREATE DOMAIN theirs.short AS text CHECK (theirs.f(VALUE) <> 'x'); RESET ROLE`);
    const found = async () => (await lab.target.targetObjects(lab.feed)).map(({ name }) => name);

    for (const [statement, name, undo] of [
      ['CREATE INDEX of ON shop.products (theirs.f(sku))', 'function theirs.f(text) on products', 'DROP INDEX shop.of'],
      [
        "ALTER TABLE shop.stock ADD x text DEFAULT theirs.f('a')",
        'function theirs.f(text) on stock',
        'ALTER TABLE shop.stock DROP x',
      ],
      [
        'ALTER TABLE shop.stock ADD CONSTRAINT c CHECK (product OPERATOR(theirs.===) 1)',
        'operator theirs.===(integer,integer) on stock',
        'ALTER TABLE shop.stock DROP CONSTRAINT c',
      ],
      [
        'ALTER TABLE shop.products_history ADD x theirs.short',
        'type theirs.short on products_history',
        'ALTER TABLE shop.products_history DROP x',
      ],
      [
        'ALTER TABLE shop.stock ADD x text GENERATED ALWAYS AS (theirs.f(product::text)) STORED',
        'function theirs.f(text) on stock',
        'ALTER TABLE shop.stock DROP x',
      ],
      [
        'CREATE TRIGGER t BEFORE INSERT ON shop.stock FOR EACH ROW EXECUTE FUNCTION theirs.fire()',
        'trigger stock.t',
        'DROP TRIGGER t ON shop.stock',
      ],
    ] as const) {
      await lab.sql.unsafe(statement);
      expect(await found(), statement).toEqual([name]);
      await lab.sql.unsafe(undo);
      expect(await found(), undo).toEqual([]);
    }
    await lab.sql.unsafe(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  });

  test('a function that counts on a path is named with what to change, and then runs', async () => {
    const lab = await targetLab(version, shopFeed({ stock }));
    await lab.sql.unsafe(`CREATE TABLE shop.audited (id integer);
      CREATE FUNCTION shop.audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audited VALUES (NEW.id); RETURN NEW; END';
      CREATE TRIGGER audit AFTER INSERT ON shop.stock FOR EACH ROW EXECUTE FUNCTION shop.audit()`);
    const publication = await lab.publication('2026-11-20', { stock: [['1', '1']] });
    await expect(lab.target.publish(publication)).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
      message: 'stock: PostgreSQL: PL/pgSQL function shop.audit() line 1: relation "audited" does not exist (42P01)',
      hint: expect.stringContaining('ALTER FUNCTION … SET search_path'),
    });
    await lab.sql`ALTER FUNCTION shop.audit() SET search_path = shop`;
    expect(await lab.target.publish(publication)).toMatchObject({ kind: 'published' });
    expect(await lab.sql`SELECT id FROM shop.audited`).toEqual([{ id: 1 }]);
  });

  test('row-level security counts for a role that is under it', async () => {
    const lab = await targetLab(version, shopFeed({ products, stock }));
    const role = `loader_${version}_${process.pid}`;
    await lab.sql.unsafe(`ALTER TABLE shop.stock ENABLE ROW LEVEL SECURITY; CREATE ROLE ${role} LOGIN PASSWORD 'x';
      GRANT USAGE ON SCHEMA shop TO ${role}; CREATE TABLE shop.foreign (LIKE shop.stock, PRIMARY KEY (id));
      ALTER TABLE shop.foreign ENABLE ROW LEVEL SECURITY; GRANT USAGE ON SCHEMA nightfeed TO ${role};
      GRANT SELECT ON ALL TABLES IN SCHEMA nightfeed TO ${role}`);
    const url = Object.assign(new URL(lab.url), { username: role, password: 'x' }).href;
    const { target } = lab.another({}, url);
    expect(await target.targetObjects(lab.feed)).toEqual([{ table: 'stock', name: 'row-level security stock' }]);
    const [survey] = await target.survey(shopFeed({ foreign: stock }), ['foreign'], '2026-11-20');
    expect(survey).toMatchObject({ problems: [{ what: 'row-level security "foreign" applies to this role' }] });
    await lab.sql.unsafe(`ALTER ROLE ${role} BYPASSRLS`);
    expect(await target.targetObjects(lab.feed)).toEqual([]);
    await lab.sql.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  test('what comes after diff looked sends the night back to diff; what went is no matter', async () => {
    const lab = await targetLab(version, shopFeed({ products, stock }));
    await lab.sql.unsafe(`${functions}; ${trigger('first', 'shop.products')}`);
    const next = { products: [['1', 'a']], stock: [['1', '1']] };
    const publication = await lab.publication('2026-11-20', next);
    await lab.sql.unsafe(trigger('second', 'shop.stock'));
    await expect(lab.target.publish(publication)).rejects.toMatchObject({
      name: 'BASE_MOVED',
      message: 'since the change set was computed the tables got: trigger stock.second',
    });
    await lab.sql.unsafe('DROP TRIGGER first ON shop.products; DROP TRIGGER second ON shop.stock');
    expect(await lab.target.publish(publication)).toMatchObject({ kind: 'published' });
  });

  test('nobody makes such a thing between the look and the commit', async () => {
    const lab = await targetLab(version, shopFeed({ products, stock }), {
      reach: async (point) => {
        if (point !== 'publish.written') return;
        await expect(
          lab.sql.begin(async (sql) => {
            await sql.unsafe(`SET LOCAL lock_timeout = 100; ${trigger('late', 'shop.stock')}`);
          }),
        ).rejects.toMatchObject({ code: '55P03' });
      },
    });
    await lab.sql.unsafe(functions);
    await lab.night('2026-11-20', { products: [['1', 'a']], stock: [['1', '1']] });
    expect(await lab.night('2026-11-21', { products: [['1', 'b']], stock: [['1', '1']] })).toMatchObject({
      kind: 'published',
    });
  });
});
