import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { ledgerRights, type Right } from '../../../../lib/target/postgres/health/needed-rights.ts';
import { describePostgres, type PostgresVersion } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const page = readFileSync(new URL('../../../../docs/vm.md', import.meta.url), 'utf8');
const feed = shopFeed({ catalog: { ...catalog, history: true } });

/** The GRANTs for a loader that docs/vm.md lists, for a role of this name. */
function grantsOfThePage(role: string): string {
  const [, sql] = /^```sql loader\n(.*?)^```/ms.exec(page)!;
  return sql!.replaceAll(/\bloader\b/g, role);
}

test('docs/vm.md gives the rights on the ledger that doctor asks about, and no others', () => {
  const functions = ledgerRights.flatMap(({ on, name }) => (on === 'function' ? [`EXECUTE ${name}`] : []));
  const given = [...grantsOfThePage('loader').matchAll(/^GRANT (.+?)\s+ON (.+?) TO loader;$/gms)].flatMap(
    ([, rights, objects]) => {
      if (objects!.startsWith('ALL FUNCTIONS')) return functions;
      if (objects!.startsWith('ALL TABLES')) return [];
      const isSchema = objects!.startsWith('SCHEMA ');
      const names = objects!.replace(/^SCHEMA /, '').split(/,\s+/);
      const ours = names.filter((name) => name.startsWith('nightfeed'));
      return ours.flatMap((name) =>
        rights!.split(', ').map((right) => `${right} ${isSchema ? name : name.replace('nightfeed.', '')}`),
      );
    },
  );

  expect([...new Set(given)].sort()).toEqual(ledgerRights.map(asWritten).sort());
});

function asWritten({ on, schema, name, table, right }: Right): string {
  if (on === 'schema') return `${right} ${schema}`;
  return on === 'column' ? `${right} (${name}) ${table}` : `${right} ${name}`;
}

describePostgres('the rights of a role', (version) => {
  test('with the GRANTs of docs/vm.md it lacks nothing; each of them that is taken is named with what gives it back', async () => {
    const { lab, role, healthOf } = await weakRole(version);
    await lab.sql.unsafe(grantsOfThePage(role));
    expect((await healthOf()).lacks).toEqual([]);

    const rows = ['catalog', 'catalog_history'].flatMap((name) =>
      ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((right) => ({ on: 'table', schema: 'shop', name, right }) as Right),
    );
    for (const needed of [...ledgerRights, ...rows, { on: 'schema', schema: 'shop', right: 'USAGE' } as const]) {
      if (await isForAll(lab, needed)) continue;
      await lab.sql.unsafe(`REVOKE ${needed.right} ON ${placeOf(needed)} FROM ${role}`);
      const { lacks } = await healthOf();
      expect(lacks, JSON.stringify(needed)).toHaveLength(1);
      expect(lacks[0]!.remedy).toMatch(/^GRANT .* TO "weak_\w+";$/);
      await lab.sql.unsafe(lacks[0]!.remedy);
      expect((await healthOf()).lacks, JSON.stringify(needed)).toEqual([]);
    }
  });

  test('a role that may only log in is told all that it lacks at once', async () => {
    const { lab, healthOf } = await weakRole(version);
    const { lacks } = await healthOf();
    expect(lacks.length).toBeGreaterThan(10);
    for (const { remedy } of lacks) await lab.sql.unsafe(remedy);
    expect((await healthOf()).lacks).toEqual([]);
  });

  test('it says what the server is, and how many connections are left for the role', async () => {
    const { lab, role, healthOf } = await weakRole(version);
    await lab.sql.unsafe(`ALTER ROLE ${role} CONNECTION LIMIT 3`);
    const database = new URL(lab.url).pathname.slice(1);
    expect(await healthOf()).toMatchObject({
      major: version,
      version: expect.stringMatching(new RegExp(`^${version}\\.\\d`)),
      database,
      role,
      encoding: 'UTF8',
      isReadOnly: false,
      countsRows: true,
      freeConnections: 2,
    });
    await lab.sql.unsafe(`ALTER ROLE ${role} CONNECTION LIMIT -1; ALTER DATABASE ${database} CONNECTION LIMIT 60`);
    const { freeConnections } = await healthOf();
    expect(freeConnections).toBeGreaterThan(40);
    expect(freeConnections).toBeLessThan(60);
  });

  test('it says what the settings of a role take away', async () => {
    const { lab, role, healthOf } = await weakRole(version);
    await lab.sql.unsafe(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
    await lab.sql.unsafe(`ALTER ROLE ${role} SET track_counts = off`);
    expect(await healthOf()).toMatchObject({ isReadOnly: true, countsRows: false });
  });

  test('what only the owner makes is the owner’s to migrate', async () => {
    const { lab, role, healthOf } = await weakRole(version);
    await lab.sql.unsafe(grantsOfThePage(role));
    const more = { ...catalog, columns: { ...catalog.columns, extra: 'text' } };
    const { lacks } = await healthOf(shopFeed({ catalog: more, stock: catalog }));
    expect(lacks.map(({ right }) => right)).toEqual([
      'CREATE on SCHEMA "shop"',
      'INSERT on "nightfeed"."target_table"',
      'ownership of "shop"."catalog", which gets columns',
    ]);
    expect(new Set(lacks.map(({ remedy }) => remedy.replace(/".*"/, 'OWNER')))).toEqual(
      new Set(['nightfeed migrate FEED.yaml    # as OWNER']),
    );
  });

  test('where nothing is there yet, the right to make the schemas is all that is needed', async () => {
    const { lab, role, healthOf } = await weakRole(version);
    await lab.sql.unsafe('DROP SCHEMA nightfeed, nightfeed_stage, shop CASCADE');
    const { lacks, database } = await healthOf();
    expect(lacks).toEqual([
      { right: `CREATE on DATABASE "${database}"`, remedy: `GRANT CREATE ON DATABASE "${database}" TO "${role}";` },
    ]);
  });

  test('a table of somebody else’s needs no GRANT: it is adopted', async () => {
    const { lab, role, healthOf } = await weakRole(version);
    await lab.sql.unsafe(grantsOfThePage(role));
    await lab.sql.unsafe('CREATE TABLE shop.theirs (id integer)');
    const { lacks } = await healthOf(shopFeed({ catalog: { ...catalog, history: true }, theirs: catalog }));
    expect(lacks).toEqual([]);
  });
});

async function weakRole(version: PostgresVersion) {
  const lab = await targetLab(version, feed);
  const role = `weak_${randomBytes(4).toString('hex')}`;
  await lab.sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'weak'`);
  onTestFinished(async () => {
    await lab.sql.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  const url = Object.assign(new URL(lab.url), { username: role, password: 'weak' }).href;
  const { target } = lab.another({}, url);
  return { lab, role, healthOf: (of = feed) => target.health(of) };
}

/** PUBLIC has it, so that nobody lacks it when the role loses it. */
async function isForAll({ sql }: Lab, { on, name }: Right): Promise<boolean> {
  if (on !== 'function') return name === 'migration';
  const found = await sql`
    SELECT FROM pg_proc WHERE pronamespace = 'nightfeed'::regnamespace AND proname = ${name!}
      AND has_function_privilege('public', oid, 'EXECUTE')`;
  return found.length > 0;
}

function placeOf({ on, schema, name, table }: Right): string {
  if (on === 'schema') return `SCHEMA ${schema}`;
  if (on === 'function') return `FUNCTION ${schema}.${name}`;
  return `${schema}.${on === 'column' ? table : name}`;
}
