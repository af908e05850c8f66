import { expect, test } from 'vitest';
import { databaseUrl, passwordIn, readDatabaseSecret, secretOf } from '../../../lib/core/cloud/database-secret.ts';
import type { Process } from '../../../lib/core/workflow/process.ts';
import { functionNames, processes } from '../../../lib/core/workflow/processes.ts';
import { ATTEMPTS, pause } from '../../../lib/steps/run/retry.ts';

const rds = {
  engine: 'postgres',
  host: 'db.example.com',
  port: 5432,
  dbname: 'shop',
  username: 'ada',
  password: 'p@ss/w:rd?#%',
};

test.each([
  [rds, 'postgres://ada:p%40ss%2Fw%3Ard%3F%23%25@db.example.com:5432/shop?connect_timeout=60'],
  [{ ...rds, host: '::1', port: '5433', password: 'x' }, 'postgres://ada:x@[::1]:5433/shop?connect_timeout=60'],
  [
    { ...rds, password: 'x', sslmode: 'verify-full', sslrootcert: '/etc/rds.pem' },
    'postgres://ada:x@db.example.com:5432/shop?connect_timeout=60&sslmode=verify-full&sslrootcert=%2Fetc%2Frds.pem',
  ],
])('%j as a URL', (secret, url) => {
  expect(databaseUrl(JSON.stringify(secret))).toBe(url);
});

test('every function that logs in outlasts all its attempts at a database that does not answer', () => {
  const login = Number(new URL(databaseUrl(JSON.stringify(rds))).searchParams.get('connect_timeout'));
  const pauses = Array.from({ length: ATTEMPTS - 1 }, (_, index) => pause(index + 1) / 1000);
  const inVain = ATTEMPTS * login + pauses.reduce((sum, each) => sum + each);
  const functions = functionNames.map((name): Process => processes[name]).filter(({ login }) => login !== null);
  expect(functions.length).toBeGreaterThan(5);
  for (const { does, seconds } of functions) expect(seconds, does).toBeGreaterThan(inVain);
});

test.each([
  ['canary', 'no JSON object'],
  ['{"host": "canary"}', 'username, password'],
  [JSON.stringify({ ...rds, port: 'canary' }), 'port'],
])('%s is refused by the names of what is wrong', (text, lacks) => {
  expect(() => databaseUrl(text)).toThrow(
    expect.objectContaining({ name: 'SECRET_MISSING', message: `the database's secret lacks: ${lacks}` }),
  );
});

test.each([
  ['what CloudFormation made', 'j3K!x', undefined],
  ['its own', secretOf('eve', 'hers', readDatabaseSecret(JSON.stringify(rds))), 'hers'],
  [
    'its own with more that RDS writes',
    JSON.stringify({ ...rds, username: 'eve', password: 'hers', masterarn: 'x' }),
    'hers',
  ],
  ["somebody else's", secretOf('ada', 'hers', readDatabaseSecret(JSON.stringify(rds))), undefined],
  [
    'that of a database which moved',
    secretOf('eve', 'hers', readDatabaseSecret(JSON.stringify({ ...rds, host: 'old' }))),
    undefined,
  ],
  [
    'that of another sslmode',
    secretOf('eve', 'hers', readDatabaseSecret(JSON.stringify({ ...rds, sslmode: 'require' }))),
    undefined,
  ],
])('a login takes its password from no secret but its own: %s', (_what, text, password) => {
  expect(passwordIn(text, 'eve', readDatabaseSecret(JSON.stringify(rds)))).toBe(password);
});
