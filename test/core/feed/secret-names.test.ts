import { expect, test } from 'vitest';
import { isSameSecret } from '../../../lib/core/cloud/same-secret.ts';
import { isReservedName } from '../../../lib/core/feed/reserved-names.ts';
import { isListed, parseSecretList } from '../../../lib/core/feed/secret-list.ts';
import { parseFeed } from '../../support/parse-feed.ts';

test.each([
  ['NIGHTFEED_DATABASE_URL', true],
  ['NIGHTFEED_ANYTHING', true],
  ['AWS_SECRET_ACCESS_KEY', true],
  ['AWS_SESSION_TOKEN', true],
  ['PGPASSWORD', true],
  ['PGPASSFILE', true],
  ['PATH', true],
  ['Path', true],
  ['NODE_OPTIONS', true],
  ['npm_config__auth', true],
  ['LD_PRELOAD', true],
  ['DATABASE_URL', true],
  ['GITHUB_TOKEN', true],
  ['VENDOR_PASSWORD', false],
  ['CATALOG_FTP_PASSWORD', false],
  ['PGE_PASSWORD', false],
  ['HOMEDEPOT_KEY', false],
  ['constructor', false],
])('%s: reserved is %s', (name, reserved) => {
  expect(isReservedName(name)).toBe(reserved);
});

test('a feed file that names a reserved variable is invalid, with the line and a way out', () => {
  const feed = (password: string) =>
    `feed: shop\nsource:\n  ftp: {host: evil.example, password: "${password}"}\ntables: {items: {files: "*", columns: {id: {type: bigint, key: true}}}}\n`;
  expect(() => parseFeed(feed('env:NIGHTFEED_DATABASE_URL'), 'feed.yaml')).toThrow(
    "feed.yaml:3: source.ftp.password: env:NIGHTFEED_DATABASE_URL is reserved, and no secret of a vendor's; give the vendor's secret a variable of its own",
  );
  expect(() => parseFeed(feed('env:VENDOR_PASSWORD'), 'feed.yaml')).not.toThrow();
});

test.each([
  ['VENDOR_PASSWORD, vendor/ftp', 'env:VENDOR_PASSWORD', true],
  ['VENDOR_PASSWORD vendor/ftp', 'secret:vendor/ftp', true],
  ['VENDOR_PASSWORD vendor/ftp', 'secret:vendor/ftp#password', true],
  ['env:VENDOR', 'env:VENDOR', true],
  ['env:VENDOR', 'secret:VENDOR', false],
  ['secret:vendor', 'secret:vendor#key', true],
  ['VENDOR', 'env:VENDOR2', false],
  ['', 'env:VENDOR', false],
])('NIGHTFEED_SECRETS=%s lists %s: %s', (list, reference, listed) => {
  expect(isListed(parseSecretList(list), reference)).toBe(listed);
});

test('folders and files of the list are told from names', () => {
  expect(parseSecretList('VENDOR,/run/secrets file:/etc/key.pem').files).toEqual(['/run/secrets', '/etc/key.pem']);
});

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:';
test.each([
  ['shop/owner', 'shop/owner', true],
  ['shop/owner', `${arn}shop/owner-AbC123`, true],
  [`${arn}shop/owner`, `${arn}shop/owner-AbC123`, true],
  [`${arn}shop/owner-AbC123`, 'shop/owner', true],
  ['shop/owners', 'shop/owner', false],
  ['vendor/ftp', `${arn}shop/owner-AbC123`, false],
])('%s and %s are the same secret: %s', (one, other, same) => {
  expect([isSameSecret(one, other), isSameSecret(other, one)]).toEqual([same, same]);
});
