import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../../../lib/target/postgres/connection/connection.ts';
import { ledgerLimits } from '../../../../lib/target/postgres/connection/limits.ts';
import { Session } from '../../../../lib/target/postgres/connection/session.ts';
import { transaction } from '../../../../lib/target/postgres/connection/transaction.ts';
import { type FreshDatabase, freshDatabase } from '../../../support/postgres/postgres.ts';
import { makeAuthority, makeCertificate } from '../../../support/vendors/certificates.ts';
import { secondsToProbes, whyNoProbes } from '../../../support/vendors/idle-lines/probes.ts';
import { tlsFront } from '../../../support/vendors/tls-front.ts';

let folder: string;
let database: FreshDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-test-tls-'));
  await makeAuthority(folder);
  database = await freshDatabase(17);
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

describe('TLS', () => {
  test.each([
    ['postgres://localhost/db', false],
    ['postgres://127.0.0.1:5433/db', false],
    ['postgres://[::1]/db', false],
    ['postgres:///db?host=/var/run/postgresql', false],
    ['postgres://db.example.com/db', { rejectUnauthorized: true, host: 'db.example.com' }],
    ['postgres://127.0.0.1.example/db', { rejectUnauthorized: true, host: '127.0.0.1.example' }],
    ['postgres://127.evil.example/db', { rejectUnauthorized: true, host: '127.evil.example' }],
    ['postgres://10.0.0.7/db', { rejectUnauthorized: true, host: '10.0.0.7' }],
    ['postgres://localhost/db?sslmode=verify-full', { rejectUnauthorized: true, host: 'localhost' }],
    ['postgres://db.example.com/db?sslmode=disable', false],
    ['postgres://db.example.com/db?sslmode=require', 'require'],
    ['postgres://db.example.com/db?sslmode=prefer', 'prefer'],
  ])('%s', (url, ssl) => {
    expect(connect(url, () => {}).sql.options.ssl).toEqual(ssl);
  });

  test('is verified against the authority and the name', async () => {
    const url = await secureUrl('right', 'DNS:localhost,IP:127.0.0.1', 'localhost');
    const wrong = await secureUrl('wrong', 'DNS:else.example.com', 'localhost');
    const root = `sslrootcert=${join(folder, 'authority.pem')}`;

    expect(await ask(`${url}?sslmode=verify-full&${root}`)).toEqual([{ one: 1 }]);
    expect(await ask(`${url.replace('localhost', '127.0.0.1')}?sslmode=verify-full&${root}`)).toEqual([{ one: 1 }]);
    expect(await ask(`${url}?sslmode=require`)).toEqual([{ one: 1 }]);
    await expect(ask(`${url}?sslmode=verify-full`)).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
      hint: expect.stringContaining('sslrootcert'),
    });
    await expect(ask(`${wrong}?sslmode=verify-full&${root}`)).rejects.toMatchObject({ name: 'DATABASE_REFUSED' });
    await expect(ask(`${database.url}?sslmode=verify-full&${root}`)).rejects.toMatchObject({
      name: expect.stringMatching('^DATABASE_'),
    });
  });
});

describe('the database URL', () => {
  test.each([
    ['no url', 'the database URL cannot be read; expected postgres://user:password@host:5432/database'],
    ['mysql://localhost/db', 'the database URL starts with mysql:; expected postgres:// or postgresql://'],
    [
      'postgres://u:secret@localhost/db?pool=3',
      'the database URL has the parameter pool; expected host, sslmode, sslrootcert, connect_timeout, application_name, options',
    ],
    [
      'postgres://u:secret@localhost/db?sslmode=on',
      'sslmode=on in the database URL; expected disable, prefer, require, verify-ca, verify-full',
    ],
    ['postgres://u:secret@h/db?sslrootcert=/nowhere', 'sslrootcert=/nowhere in the database URL cannot be read'],
  ])('%s is refused without its secret', (url, message) => {
    expect(() => connect(url, () => {})).toThrow(expect.objectContaining({ name: 'USAGE', message }));
  });

  test('carries what was encoded', () => {
    const { sql } = connect(
      'postgresql://us%40er:p%2Fw@host:6543/my%20db?sslmode=disable&application_name=x',
      () => {},
    );

    expect(sql.options).toMatchObject({
      host: ['host'],
      port: [6543],
      user: 'us@er',
      pass: 'p/w',
      database: 'my db',
      connection: { application_name: 'x' },
    });
  });
});

describe('a session', () => {
  test.each([
    ['a closed port', 'postgres://127.0.0.1:1/db', 'DATABASE_UNAVAILABLE'],
    ['an unknown host', 'postgres://nowhere.invalid/db', 'DATABASE_UNAVAILABLE'],
    ['an absent socket', 'postgres:///db?host=/nowhere', 'DATABASE_UNAVAILABLE'],
    ['a host that does not answer', 'postgres://240.0.0.1/db?connect_timeout=0.2', 'DATABASE_UNAVAILABLE'],
  ])('%s', async (_what, url, name) => {
    await expect(ask(url)).rejects.toMatchObject({ name, transient: true });
  });

  test.each([
    ['accepts a connection and says nothing', () => {}],
    ['accepts a connection and closes it', (socket: Socket) => socket.destroy()],
  ])('a server that %s is not waited for', async (_what, met) => {
    const server = createServer(met).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    const failure = { name: 'DATABASE_UNAVAILABLE', transient: true };
    await expect(ask(`postgres://127.0.0.1:${port}/db?connect_timeout=0.2`)).rejects.toMatchObject(failure);
  });

  test('a wrong password or database is refused and not asked again', async () => {
    const wrongPassword = Object.assign(new URL(database.url), { password: 'wrong' }).href;
    await expect(ask(wrongPassword)).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
      transient: false,
      hint: expect.stringContaining('password'),
    });
    const wrongDatabase = Object.assign(new URL(database.url), { pathname: '/nowhere' }).href;
    await expect(ask(wrongDatabase)).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
      message: 'PostgreSQL: database "nowhere" does not exist (3D000)',
    });
  });

  test('does one piece of work after another', async () => {
    const session = openSession();
    const order: number[] = [];

    await Promise.all(
      [1, 2, 3].map((number) =>
        session.alone(async (db) => {
          await db.script('SELECT pg_sleep(0.01)');
          order.push(number);
          await db.script('SELECT pg_sleep(0.01)');
          order.push(number);
        }),
      ),
    );

    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
  });

  test('does nothing any more when it is closed while it connects', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<string>();
    const session = new Session(() => {
      asked.resolve();
      return answer.promise;
    });
    let worked = false;
    const work = session.alone(async () => {
      worked = true;
    });
    await asked.promise;

    await session.close();
    answer.resolve(database.url);

    await expect(work).rejects.toMatchObject({ name: 'DATABASE_UNAVAILABLE' });
    expect(worked).toBe(false);
  });

  test('opens a new connection for one that died at rest, and none within a piece of work', async () => {
    const session = openSession();
    const other = openSession();
    const idOf = async () =>
      (await session.alone((db) => db.script<{ id: number }>('SELECT pg_backend_pid() AS id')))[0]!.id;
    const kill = (id: number) => other.alone((db) => db.query('SELECT pg_terminate_backend($1::int)', [id]));

    const first = await idOf();
    await kill(first);
    expect(await idOf()).not.toBe(first);

    let attempts = 0;
    const broken = session.alone(async (db) => {
      const [row] = await db.script<{ id: number }>('SELECT pg_backend_pid() AS id');
      attempts += 1;
      if (attempts === 1) await kill(row!.id);
      await db.script('SELECT 1');
    });
    await expect(broken).rejects.toMatchObject({ name: 'DATABASE_UNAVAILABLE' });
    expect(attempts).toBe(1);
    expect(await idOf()).toBeGreaterThan(0);
  });
});

describe('where a name is looked for', () => {
  const path = "SELECT current_setting('search_path') AS path";
  const ours = [{ path: 'pg_catalog, pg_temp' }];

  test.each(['', '?options=-c%20search_path%3Dpublic'])(
    'is ours in every statement, and is left as it was%s',
    async (more) => {
      const texts = await openSession(database.url + more).alone(async (db) => {
        const asked = [await db.query(path, []), await db.script(path)];
        const copied = new PassThrough();
        await db.copyOut(`COPY (${path}) TO STDOUT`, copied);
        await expect(db.script('SELECT 1 / 0')).rejects.toMatchObject({ name: 'DATABASE_REFUSED' });
        asked.push(await db.query(path, []), await transaction(db, ledgerLimits, () => db.query(path, [])));
        return [...asked, String(copied.read())];
      });
      expect(texts).toEqual([ours, ours, ours, ours, 'pg_catalog, pg_temp\n']);
    },
  );
});

function openSession(url = database.url): Session {
  const session = new Session(url);
  onTestFinished(() => session.close());
  return session;
}

test.skipIf(whyNoProbes)(
  `a connection is probed while it is silent, such as one that holds a lock${whyNoProbes ? ` (skipped: ${whyNoProbes})` : ''}`,
  async () => {
    const soon = () => secondsToProbes().filter((seconds) => seconds <= 10).length;
    const before = soon();
    const secure = await secureUrl('probed', 'DNS:localhost', 'localhost');
    for (const url of [database.url, `${secure}?sslmode=require`]) {
      await openSession(url).alone((db) => db.script('SELECT pg_advisory_lock_shared(1)'));
    }
    expect(soon()).toBe(before + 2);
  },
);

const ask = (url: string) => openSession(url).alone((db) => db.script('SELECT 1 AS one'));

async function secureUrl(name: string, names: string, host: string): Promise<string> {
  const front = await tlsFront(database.url, await makeCertificate(folder, name, names));
  onTestFinished(() => front.close());
  return Object.assign(new URL(database.url), { port: String(front.port), hostname: host }).href;
}
