import { describe, expect, test } from 'vitest';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { MAX_FEED_BYTES, readFeedFile } from '../../lib/feed-file/yaml.ts';
import { parseFeed } from '../support/parse-feed.ts';
import { complaintsOf, good } from './complaints.ts';

describe('a bad feed file is told file, line, what was received and what is allowed', () => {
  test('the good one has nothing to complain about', () => {
    expect(parseFeed(good, 'feed.yaml').feed).toBe('shop');
  });

  test.each([
    ['feed: shop', 'feed: *shop', '1: nothing is named &shop'],
    ['name: text', 'id: text', '9: Map keys must be unique'],
    ['  items:', '\titems:', '5: Tabs are not allowed as indentation'],
    ['key: true}', 'key: true', '9: Flow map in block collection must be sufficiently indented and end with a }'],
  ])('%j → %j, which is no YAML', (piece, fault, complaint) => {
    expect(complaintsOf(good.replace(piece!, fault!))).toBe(`feed.yaml:${complaint}`);
  });

  test.each([
    ['', 'nothing'],
    ['- shop\n', 'a list'],
    ['shop\n', '"shop"'],
  ])('a file with %j', (text, received) => {
    expect(complaintsOf(text)).toBe(`feed.yaml:1: expected options by name, received ${received}`);
  });

  test('all faults at once, each with its line', () => {
    const text = good.replace('feed: shop', 'feed: Shop').replace('files:', 'file:').replace('name: text', 'name: txt');
    expect(complaintsOf(text).match(/^feed.yaml:\d+: [\w.]+/gm)).toEqual([
      'feed.yaml:1: feed',
      'feed.yaml:5: tables.items.files',
      'feed.yaml:9: tables.items.columns.name',
      'feed.yaml:6: tables.items.file',
    ]);
  });

  test.each([
    ['ftp', 'password', 'hunter2'],
    ['ftp', 'password', '4711'],
    ['ftp', 'password', '[hunter2]'],
    ['sftp', 'key', 'BEGIN PRIVATE KEY'],
    ['sftp', 'passphrase', 'hunter2'],
    ['s3', 'secret_key', 'hunter2'],
  ])('a secret is never repeated: %s %s %s', (kind, option, value) => {
    const complaint = complaintsOf(good.replace('folder: ./inbox', `${kind}: {host: h, ${option}: ${value}}`));
    expect(complaint).toContain(
      `source.${kind}.${option}: expected env:NAME, file:/path or secret:NAME, not the secret itself, received something else`,
    );
  });

  test('nor one in a URL', () => {
    const complaint = complaintsOf(good.replace('source:\n  folder: ./inbox', 'source: ftp://ada:hunter2@h/out'));
    expect(complaint).toBe('feed.yaml:2: source: expected folder, ftp, sftp or s3, received "ftp://…@h/out"');
  });

  test('a few lines cannot stand for gigabytes', () => {
    const names = 'abcdefghij'.split('');
    const lines = names.map(
      (name, index) => `${name}: &${name} [${Array(9).fill(index === 0 ? 'x' : `*${names[index - 1]}`)}]`,
    );
    expect(complaintsOf(`${lines.join('\n')}\n`)).toMatch(/^feed.yaml:1: Excessive alias count/);
  });
});

test('of thousands of faults a hundred are told', () => {
  const text = good + '  - {\n'.repeat(5000);
  const complaint = () => parseFeed(text, 'f.yaml');
  expect(complaint).toThrow(/\nand \d+ faults more$/);
  expect(() => parseFeed('feed: *shop\n', 'f.yaml')).not.toThrow(/faults more/);
});

test('a feed file has an end', async () => {
  const padded = (bytes: number) => `${good}#`.padEnd(bytes, '-');
  const tooLong = 'received more than 1000000 bytes; expected that many at most';

  expect(parseFeed(padded(MAX_FEED_BYTES), 'feed.yaml').feed).toBe('shop');
  expect(complaintsOf(padded(MAX_FEED_BYTES + 1))).toBe(`feed.yaml: ${tooLong}`);
  await expect(readFeedFile('/dev/zero', feedSchema)).rejects.toMatchObject({
    name: 'FEED_INVALID',
    message: `/dev/zero: ${tooLong}`,
  });
});
