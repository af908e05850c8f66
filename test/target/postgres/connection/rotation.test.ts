import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Session } from '../../../../lib/target/postgres/connection/session.ts';
import { type FreshDatabase, freshDatabase } from '../../../support/postgres/postgres.ts';

const ROTATION_MS = 400;
const who = 'SELECT current_user AS who';

let database: FreshDatabase;
let owner: Session;
let role: string;

beforeAll(async () => {
  database = await freshDatabase();
  owner = new Session(database.url);
});

afterAll(async () => {
  await owner.close();
  await database.drop();
});

beforeEach(async () => {
  role = `rotated_${randomUUID().slice(0, 8)}`;
  await owner.alone((db) => db.script(`CREATE ROLE ${role} LOGIN PASSWORD 'old'`));
  onTestFinished(() => owner.alone((db) => db.script(`DROP ROLE ${role}`)).then(() => {}));
});

describe('a password that is changed while a session logs in', () => {
  test('between reading and connecting: the secret is read once more', async () => {
    const secret = ['old', 'new'];
    const reads: string[] = [];
    const session = openSession(async () => {
      const password = secret[Math.min(reads.length, 1)]!;
      reads.push(password);
      // The rotation comes after the read and before the login.
      if (password === 'old') await rotate();
      return urlWith(password);
    });
    expect(await session.alone((db) => db.script(who))).toEqual([{ who: role }]);
    expect(reads[0]).toBe('old');
    expect(new Set(reads.slice(1))).toEqual(new Set(['new']));
  });

  test('the role first and the secret shortly after: the new secret is awaited', async () => {
    let password = 'old';
    const session = openSession(async () => urlWith(password));
    await rotate();
    const finished = sleep(ROTATION_MS / 2).then(() => {
      password = 'new';
    });
    expect(await session.alone((db) => db.script(who))).toEqual([{ who: role }]);
    await finished;
  });

  test('the secret first and the role shortly after: the role is awaited', async () => {
    const session = openSession(async () => urlWith('new'));
    const finished = sleep(ROTATION_MS / 2).then(rotate);
    expect(await session.alone((db) => db.script(who))).toEqual([{ who: role }]);
    await finished;
  });

  test('for good: one more login, and the refusal', async () => {
    let logins = 0;
    const session = openSession(async () => {
      logins += 1;
      return urlWith('wrong');
    });
    await expect(session.alone((db) => db.script(who))).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
      message: expect.stringContaining('28P01'),
    });
    // Two logins, and one look at the secret between them.
    expect(logins).toBe(3);
  });

  test('a piece of work is not done twice for any other refusal', async () => {
    let works = 0;
    const session = openSession(async () => urlWith('old'));
    const work = session.alone((db) => {
      works += 1;
      return db.script('SELECT 1 / 0');
    });
    await expect(work).rejects.toMatchObject({ name: 'DATABASE_REFUSED' });
    expect(works).toBe(1);
  });
});

const rotate = () => owner.alone((db) => db.script(`ALTER ROLE ${role} PASSWORD 'new'`));

const urlWith = (password: string) => Object.assign(new URL(database.url), { username: role, password }).href;

function openSession(address: () => Promise<string>): Session {
  const session = new Session(address, { rotationMs: ROTATION_MS });
  onTestFinished(() => session.close());
  return session;
}
