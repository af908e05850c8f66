import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { databaseUrl } from '../../../../lib/core/cloud/database-secret.ts';
import { Session } from '../../../../lib/target/postgres/connection/session.ts';
import { type FreshDatabase, freshDatabase } from '../../../support/postgres/postgres.ts';

/** Longer than the usual time for a login. */
const RESUME_MS = 11_000;

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

describe('a database that takes the connection and answers when it has resumed', () => {
  test.concurrent('is waited for with the secret of the cloud', async ({ onTestFinished }) => {
    const { hostname: host, port, pathname, username, password } = new URL(await resuming(RESUME_MS, onTestFinished));
    const secret = JSON.stringify({ host, port, dbname: pathname.slice(1), username, password });
    expect(await ask(databaseUrl(secret))).toEqual([{ one: 1 }]);
  });

  test.concurrent('is given up after ten seconds elsewhere', async ({ onTestFinished }) => {
    await expect(ask(await resuming(RESUME_MS, onTestFinished))).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      transient: true,
    });
  });

  test.concurrent('may take longer than the client waits for a statement', async ({ onTestFinished }) => {
    const url = `${await resuming(1500, onTestFinished)}?connect_timeout=10`;
    expect(await ask(url, { loneMs: 1000 })).toEqual([{ one: 1 }]);
  });
});

async function ask(url: string, patience = {}): Promise<unknown> {
  const session = new Session(async () => url, patience);
  try {
    return await session.alone((db) => db.script('SELECT 1 AS one'));
  } finally {
    await session.close();
  }
}

/** The way to the database: it takes connections at once, and passes their bytes on after a time. */
async function resuming(milliseconds: number, onTestFinished: TestContext['onTestFinished']): Promise<string> {
  const { hostname, port } = new URL(database.url);
  const server = createServer(async (client) => {
    client.on('error', () => {});
    await sleep(milliseconds);
    const upstream = connect(Number(port), hostname);
    upstream.on('error', () => {});
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return Object.assign(new URL(database.url), { port: String((server.address() as AddressInfo).port) }).href;
}
