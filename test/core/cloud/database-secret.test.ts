import { expect, test } from 'vitest';
import { databaseUrl, passwordIn, readDatabaseSecret, secretOf } from '../../../lib/core/cloud/database-secret.ts';

const rds = {
  engine: 'postgres',
  host: 'db.example.com',
  port: 5432,
  dbname: 'shop',
  username: 'ada',
  password: 'p@ss/w:rd?#%',
};

test.each([
  [rds, 'postgres://ada:p%40ss%2Fw%3Ard%3F%23%25@db.example.com:5432/shop'],
  [{ ...rds, host: '::1', port: '5433', password: 'x' }, 'postgres://ada:x@[::1]:5433/shop'],
  [
    { ...rds, password: 'x', sslmode: 'verify-full', sslrootcert: '/etc/rds.pem' },
    'postgres://ada:x@db.example.com:5432/shop?sslmode=verify-full&sslrootcert=%2Fetc%2Frds.pem',
  ],
])('%j as a URL', (secret, url) => {
  expect(databaseUrl(JSON.stringify(secret))).toBe(url);
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
