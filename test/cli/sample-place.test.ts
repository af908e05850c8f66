import { expect, test } from 'vitest';
import { samplePlace } from '../../bin/cli/commands/sample-place.ts';
import { sources } from '../../lib/sources/index.ts';

const place = (...samples: readonly string[]) => samplePlace(samples, { from: '/feeds', hostKey: 'SHA256:x', sources });

test.each([
  [['/feeds/in/2026-11-20/a.csv'], { folder: 'in/{date}' }, { folder: '/feeds/in/2026-11-20' }, 'a', '2026-11-20'],
  [['/feeds/a_20261120.csv'], { folder: '.' }, { folder: '/feeds' }, 'a', '2026-11-20'],
  [['/data/shop/a.csv', '/data/shop/b.csv'], { folder: '../data/shop' }, { folder: '/data/shop' }, 'shop', null],
  [
    ['ftp://vendor@ftp.example.com:2121/out/2026-11-20/a.csv'],
    { ftp: { host: 'ftp.example.com', port: 2121, user: 'vendor', password: 'env:A_PASSWORD', path: '/out/{date}' } },
    {
      ftp: { host: 'ftp.example.com', port: 2121, user: 'vendor', password: 'env:A_PASSWORD', path: '/out/2026-11-20' },
    },
    'a',
    '2026-11-20',
  ],
  [
    ['ftps://ftp.example.com/a.csv'],
    { ftp: { host: 'ftp.example.com', port: 990, tls: 'implicit', path: '/' } },
    { ftp: { host: 'ftp.example.com', port: 990, tls: 'implicit', path: '/' } },
    'a',
    null,
  ],
  [
    ['sftp://me@h.example/d%20x/a.csv'],
    { sftp: { host: 'h.example', user: 'me', password: 'env:A_PASSWORD', host_key: 'SHA256:x', path: '/d x' } },
    { sftp: { host: 'h.example', user: 'me', password: 'env:A_PASSWORD', host_key: 'SHA256:x', path: '/d x' } },
    'a',
    null,
  ],
  [
    ['s3://bucket/out/20261120/a.csv'],
    { s3: { bucket: 'bucket', path: 'out/{yyyymmdd}' } },
    { s3: { bucket: 'bucket', path: 'out/20261120' } },
    'a',
    '2026-11-20',
  ],
])('%j', (samples, source, exact, feed, date) => {
  expect(place(...samples)).toMatchObject({ source, exact, feed, date });
  expect(Object.keys(Object.values(place(...samples).source)[0]!)).toEqual(Object.keys(Object.values(source)[0]!));
});

test.each([
  [['ftp://u:secret@h/a.csv'], 'the URL of h holds a password'],
  [['http://h/a.csv'], 'no kind of source reads http://'],
  [['ftp://h/a/x.csv', 'ftp://h/b/x.csv'], 'are in one folder'],
  [['ftp://h/a.csv', 'ftp://g/a.csv'], 'are in one folder'],
  [['ftp://h/a.csv', 'b.csv'], 'all paths, or all URLs'],
  [['ftp://u:secret@/a.csv'], 'is no URL'],
])('%j is refused, and no password is shown', (samples, message) => {
  expect(() => place(...samples)).toThrow(message);
  expect(() => place(...samples)).not.toThrow('secret');
});
