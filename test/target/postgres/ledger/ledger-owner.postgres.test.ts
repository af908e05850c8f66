import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { postgresTarget } from '../../../../lib/target/postgres/postgres-target.ts';
import { describePostgres, freshDatabase, type PostgresVersion } from '../../../support/postgres/postgres.ts';
import { catalog, shopFeed } from '../../../support/postgres/target-lab.ts';

const feed = shopFeed({ catalog });

/** Statements by roles: `superuser` made the others, of which `us` is the one that nightfeed logs in with. */
type Roles = Readonly<Record<'us' | 'other' | 'superuser' | 'database', string>>;
type Made = readonly (readonly [by: Exclude<keyof Roles, 'database'>, statement: (roles: Roles) => string])[];

/** What runs with our rights when it is read or written. */
const lurking = `CREATE FUNCTION public.lurk() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''ran''; END'`;

const foreign: readonly (readonly [what: string, made: Made, found: string])[] = [
  [
    'a ledger of somebody else',
    [
      [
        'other',
        () => `${lurking}; CREATE SCHEMA nightfeed; CREATE VIEW nightfeed.migration AS SELECT public.lurk() AS version`,
      ],
    ],
    'function public.lurk() of nightfeed.migration belongs to "OTHER", nightfeed.migration belongs to "OTHER", schema nightfeed belongs to "OTHER"',
  ],
  ['an empty schema', [['other', () => 'CREATE SCHEMA nightfeed']], 'schema nightfeed belongs to "OTHER"'],
  [
    'the schema of the stages',
    [['other', () => 'CREATE SCHEMA nightfeed_stage']],
    'schema nightfeed_stage belongs to "OTHER"',
  ],
  [
    'the schema of a group that we are in',
    [
      ['superuser', ({ us, other }) => `GRANT ${other} TO ${us}`],
      ['us', ({ other }) => `CREATE SCHEMA nightfeed AUTHORIZATION ${other}`],
    ],
    'schema nightfeed belongs to "OTHER"',
  ],
  [
    'a table in our schema',
    [
      ['us', ({ other }) => `CREATE SCHEMA nightfeed; GRANT CREATE ON SCHEMA nightfeed TO ${other}`],
      ['other', () => 'CREATE TABLE nightfeed.migration (version integer)'],
    ],
    'nightfeed.migration belongs to "OTHER"',
  ],
  [
    'a function in our schema',
    [
      ['us', ({ other }) => `CREATE SCHEMA nightfeed; GRANT CREATE ON SCHEMA nightfeed TO ${other}`],
      ['other', () => 'CREATE FUNCTION nightfeed.x(integer) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$'],
    ],
    'function nightfeed.x(integer) belongs to "OTHER"',
  ],
  [
    'a function that a check, a default, a trigger of ours took for PostgreSQL’s',
    [
      [
        'other',
        () => `CREATE FUNCTION public.num_nulls(date, text) RETURNS integer LANGUAGE sql AS 'SELECT 0';
        CREATE FUNCTION public.given(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
        CREATE FUNCTION public.fired() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
      ],
      [
        'us',
        () => `CREATE SCHEMA nightfeed; CREATE TABLE nightfeed.feed (a date, b text DEFAULT given('x'), CHECK (num_nulls(a, b) IN (0, 2)));
        CREATE TRIGGER fired BEFORE INSERT ON nightfeed.feed FOR EACH ROW EXECUTE FUNCTION public.fired()`,
      ],
    ],
    ['fired()', 'given(text)', 'num_nulls(date,text)']
      .map((name) => `function public.${name} of nightfeed.feed belongs to "OTHER"`)
      .join(', '),
  ],
];

const trusted: readonly (readonly [what: string, made: Made])[] = [
  [
    'a superuser',
    [['superuser', ({ us }) => `CREATE SCHEMA nightfeed; GRANT USAGE, CREATE ON SCHEMA nightfeed TO ${us}`]],
  ],
  [
    'a role that may act as ours',
    [
      ['superuser', ({ us, other }) => `GRANT ${us} TO ${other}`],
      ['other', ({ us }) => `CREATE SCHEMA nightfeed; GRANT USAGE, CREATE ON SCHEMA nightfeed TO ${us}`],
    ],
  ],
  [
    'the owner of the database',
    [
      ['superuser', ({ other, database }) => `ALTER DATABASE ${database} OWNER TO ${other}`],
      ['other', ({ us }) => `CREATE SCHEMA nightfeed; GRANT USAGE, CREATE ON SCHEMA nightfeed TO ${us}`],
    ],
  ],
];

describePostgres('the owner of the ledger', (version) => {
  test.each(foreign)('%s is refused by the name of the owner before it is used', async (_what, made, found) => {
    const { roles, target, ledger } = await databaseWith(version, made);
    const refused = {
      name: 'LEDGER_FOREIGN',
      message: `${found.replaceAll('OTHER', roles.other)}; expected "${roles.us}", or a role that may act as "${roles.us}"`,
      hint: expect.stringContaining(`\`GRANT "${roles.us}" TO "${roles.other}";\``),
    };
    await expect(ledger.exists()).rejects.toMatchObject(refused);
    await expect(ledger.exists()).rejects.toMatchObject(refused);
    await expect(target.migrate(feed)).rejects.toMatchObject(refused);
  });

  test.each(trusted)('%s is trusted', async (_what, made) => {
    const { target, ledger } = await databaseWith(version, made);
    await target.migrate(feed);
    expect(await ledger.exists()).toBe(true);
  });

  test('a superuser trusts nobody who is none, also not the owner of the database', async () => {
    const { database, roles } = await databaseWith(version, [
      ['superuser', (made) => `ALTER DATABASE ${made.database} OWNER TO ${made.other}`],
      ['other', () => 'CREATE SCHEMA nightfeed'],
    ]);
    await expect(portsOf(database, roles.superuser).ledger.exists()).rejects.toMatchObject({ name: 'LEDGER_FOREIGN' });
  });

  test('who made our role is trusted', async () => {
    const { database, roles } = await databaseWith(version, [
      ['superuser', ({ other }) => `ALTER ROLE ${other} CREATEROLE`],
    ]);
    const loader = `loader_${randomBytes(4).toString('hex')}`;
    const owner = portsOf(database, roles.other);
    await owner.target.migrate(feed);
    await run(
      database,
      roles.other,
      `CREATE ROLE ${loader} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA nightfeed TO ${loader};
      GRANT SELECT ON ALL TABLES IN SCHEMA nightfeed TO ${loader}`,
    );
    onTestFinished(() => run(database, roles.superuser, `DROP OWNED BY ${loader}; DROP ROLE ${loader}`));
    expect(await portsOf(database, loader).ledger.exists()).toBe(true);
  });
});

async function databaseWith(version: PostgresVersion, made: Made) {
  const { url: database, drop } = await freshDatabase(version);
  const [us, other] = ['us', 'other'].map((name) => `${name}_${randomBytes(4).toString('hex')}`) as [string, string];
  const roles: Roles = {
    us,
    other,
    superuser: new URL(database).username,
    database: new URL(database).pathname.slice(1),
  };
  await run(
    database,
    roles.superuser,
    `CREATE ROLE ${us} LOGIN PASSWORD 'x'; CREATE ROLE ${other} LOGIN PASSWORD 'x';
    GRANT CREATE ON DATABASE ${roles.database} TO ${us}, ${other}; GRANT CREATE ON SCHEMA public TO ${us}, ${other}`,
  );
  onTestFinished(async () => {
    await drop();
    const server = Object.assign(new URL(database), { pathname: '/postgres' }).href;
    await run(server, roles.superuser, `DROP ROLE ${us}, ${other}`);
  });
  for (const [by, statement] of made) await run(database, roles[by], statement(roles));
  return { database, roles, ...portsOf(database, us) };
}

function portsOf(database: string, role: string) {
  const ports = postgresTarget(as(database, role), { isDead: () => false, reach: async () => {} });
  onTestFinished(() => ports.close());
  return ports;
}

const as = (database: string, username: string) =>
  username === new URL(database).username
    ? database
    : Object.assign(new URL(database), { username, password: 'x' }).href;

async function run(database: string, role: string, statements: string): Promise<void> {
  const sql = postgres(as(database, role), { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    await sql.unsafe(statements);
  } finally {
    await sql.end();
  }
}
