import { expect, test } from 'vitest';
import { NightfeedError } from '../../../../lib/core/errors.ts';
import { databaseError } from '../../../../lib/target/postgres/connection/errors.ts';

const fromServer = (code: string, message = 'text', where?: string) =>
  Object.assign(new Error(message), { code, severity: 'ERROR', where });
const fromSocket = (code: string) => Object.assign(new Error('text'), { code });

test.each([
  ['08006', 'DATABASE_UNAVAILABLE'],
  ['57P01', 'DATABASE_UNAVAILABLE'],
  ['57P03', 'DATABASE_UNAVAILABLE'],
  ['53300', 'DATABASE_UNAVAILABLE'],
  ['25006', 'DATABASE_UNAVAILABLE'],
  ['25P03', 'DATABASE_UNAVAILABLE'],
  ['55P03', 'DATABASE_LOCKED'],
  ['40001', 'DATABASE_LOCKED'],
  ['40P01', 'DATABASE_LOCKED'],
  ['53100', 'DATABASE_REFUSED'],
  ['54000', 'TOO_WIDE'],
  ['54011', 'TOO_WIDE'],
  ['57014', 'DATABASE_REFUSED'],
  ['28P01', 'DATABASE_REFUSED'],
  ['22P02', 'DATABASE_REFUSED'],
])('SQLSTATE %s is %s', (code, name) => {
  expect(databaseError(fromServer(code)).name).toBe(name);
});

test.each([
  ['ECONNREFUSED', 'DATABASE_UNAVAILABLE'],
  ['ECONNRESET', 'DATABASE_UNAVAILABLE'],
  ['CONNECTION_CLOSED', 'DATABASE_UNAVAILABLE'],
  ['CONNECT_TIMEOUT', 'DATABASE_UNAVAILABLE'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'DATABASE_REFUSED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'DATABASE_REFUSED'],
  ['ENOENT', 'UNFORESEEN'],
])('%s of a socket is %s', (code, name) => {
  expect(databaseError(fromSocket(code)).name).toBe(name);
});

test('a missing table of the ledger is a missing ledger, any other is not', () => {
  for (const message of [
    'relation "nightfeed.run" does not exist',
    'Relation »nightfeed.run« existiert nicht',
    'la relation « nightfeed.run » n’existe pas',
  ])
    expect(databaseError(fromServer('42P01', message)).name).toBe('LEDGER_MISSING');
  expect(databaseError(fromServer('42P01', 'relation "my_nightfeed.run" does not exist')).name).toBe(
    'DATABASE_REFUSED',
  );
  expect(databaseError(fromServer('42P01', 'relation "shop.catalog" does not exist'))).toMatchObject({
    name: 'DATABASE_REFUSED',
    hint: 'Run `nightfeed migrate FEED.yaml`.',
  });
});

test('a refused value is named by its place and kept out of what is logged', () => {
  const error = databaseError(
    fromServer('22P02', 'invalid input syntax: "vendor"', 'COPY x, line 7, column price: "vendor"'),
  );

  expect(error.message).toBe('PostgreSQL refused a value (22P02), line 7, column price');
  expect(JSON.stringify({ ...error })).not.toContain('vendor');
  expect(error.cause).toBeUndefined();
});

test.each([
  [
    { code: '23505', detail: 'Key (sku)=(secret) already exists.', table_name: 'p', constraint_name: 'p_sku_key' },
    'PostgreSQL refused a row (23505): constraint p_sku_key, table shop.p, key (sku)',
    'DEFERRABLE',
  ],
  [
    {
      code: '23505',
      detail: 'Schlüssel »(lower(a), b)=(secret, )=()« existiert bereits.',
      table_name: 'p',
      constraint_name: 'p_i',
    },
    'PostgreSQL refused a row (23505): constraint p_i, table shop.p, key (lower(a), b)',
    '_gone_since IS NULL',
  ],
  [
    {
      code: '23503',
      detail: 'Key (product)=(secret) is not present in table "p".',
      table_name: 's',
      constraint_name: 's_fkey',
    },
    'PostgreSQL refused a row (23503): constraint s_fkey, table shop.s, key (product)',
    'DEFERRABLE',
  ],
  [
    { code: '23502', detail: 'Failing row contains ((secret)=(secret), null).', table_name: 'p', column_name: 'title' },
    'PostgreSQL refused a row (23502): table shop.p, column title',
    'Read its message',
  ],
  [
    { code: '23514', detail: 'Failing row contains (secret).', table_name: 'p', constraint_name: 'p_check' },
    'PostgreSQL refused a row (23514): constraint p_check, table shop.p',
    'rule',
  ],
  [
    { code: 'P0001', where: 'PL/pgSQL function shop.guard() line 3 at RAISE' },
    'PostgreSQL: PL/pgSQL function shop.guard() line 3 stopped the statement (P0001)',
    'Read its message',
  ],
])('a refused row is named by constraint, table, column and key: %o', (given, message, hint) => {
  const error = databaseError(
    Object.assign(fromServer(given.code, 'a row with secret'), { schema_name: 'shop', ...given }),
  );

  expect(error).toMatchObject({ name: 'DATABASE_REFUSED', message, hint: expect.stringContaining(hint) });
  expect(JSON.stringify({ ...error, message: error.message, hint: error.hint })).not.toContain('secret');
});

test('an error of ours stays what it is', () => {
  const error = new NightfeedError('DRIFT', 'x');
  expect(databaseError(error)).toBe(error);
});
