import postgres from 'postgres';
import { expect, test } from 'vitest';
import { describePostgres, freshDatabase } from './postgres.ts';
import { throwawayServer } from './throwaway-server.ts';

describePostgres('a fresh database', (version) => {
  test('is empty, of that version, and one’s own', async () => {
    const [one, other] = await Promise.all([freshDatabase(version), freshDatabase(version)]);
    const sql = postgres(one.url, { max: 1, onnotice: () => {} });
    await sql`CREATE TABLE mine (id int)`;
    const [found] = await sql<{ version: string; encoding: string }[]>`
      SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding`;

    expect(found).toEqual({ version: expect.stringMatching(`^${version}\\.`), encoding: 'UTF8' });
    const elsewhere = postgres(other.url, { max: 1 });
    expect(await elsewhere`SELECT to_regclass('mine') AS mine`).toEqual([{ mine: null }]);
    await other.drop();
    await elsewhere.end();
    await one.drop();
    await sql.end();
  });
});

test('a throw-away server can be killed and started again', async () => {
  const server = await throwawayServer(17);
  const ask = async () => {
    const sql = postgres(server.url, { max: 1, connect_timeout: 2 });
    try {
      return await sql`SELECT 1 AS one`;
    } finally {
      await sql.end();
    }
  };
  await ask();
  await server.kill();
  await expect(ask()).rejects.toThrow();
  await server.start();
  expect(await ask()).toEqual([{ one: 1 }]);
  await server.stop();
});
