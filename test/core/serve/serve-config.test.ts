import { expect, test } from 'vitest';
import { parseListenAddress, showAddress } from '../../../lib/core/serve/listen-address.ts';
import { serveConfig } from '../../../lib/core/serve/serve-config.ts';
import { parseChecked } from '../../../lib/feed-file/yaml.ts';

const parse = (text: string) => parseChecked(text, 'nightfeed.config.yaml', serveConfig);

test('what is not told has its default', () => {
  expect(parse('feeds: [feeds]')).toEqual({ feeds: ['feeds'], nights_at_once: 2, jitter: 0 });
  expect(
    parse('feeds: [a.yaml, "b/*.yaml"]\nlisten: "0.0.0.0:80"\nnights_at_once: 4\njitter: 5m\nheartbeat: env:BEAT'),
  ).toEqual({
    feeds: ['a.yaml', 'b/*.yaml'],
    listen: '0.0.0.0:80',
    nights_at_once: 4,
    jitter: 300,
    heartbeat: 'env:BEAT',
  });
});

test.each([
  ['feeds: []', 'feeds: expected at least 1'],
  ['feeds: [a]\nlisten: here', 'listen: expected a port such as 8484'],
  ['feeds: [a]\nlisten: "127.0.0.1:70000"', 'listen: expected a port such as 8484'],
  ['feeds: [a]\nnights_at_once: 0', 'nights_at_once: expected at least 1'],
  ['feeds: [a]\njitter: 5', 'jitter: expected a duration'],
  ['feeds: [a]\nheartbeat: http://example.com', 'heartbeat: expected an address that begins with https://'],
  ['feeds: [a]\nlissten: "8484"', 'lissten: expected one of feeds, listen, nights_at_once, jitter, heartbeat'],
])('%j is refused', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

test('a port alone is for this machine', () => {
  expect(parseListenAddress('8484')).toEqual({ host: '127.0.0.1', port: 8484 });
  expect(parseListenAddress('[::1]:0')).toEqual({ host: '::1', port: 0 });
  expect(showAddress(parseListenAddress('[::1]:5')!)).toBe('[::1]:5');
  expect(showAddress(parseListenAddress('example.com:5')!)).toBe('example.com:5');
  for (const text of ['', ':8484', 'a:b', '127.0.0.1:', '65536', '127.0.0.1:8484 ', 'a b:1'])
    expect(parseListenAddress(text), text).toBeUndefined();
});
