import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FeedFiles } from '../../../bin/cli/serve/feed-files.ts';
import { wings } from '../../../bin/wings.ts';
import type { ServeEvent } from '../../../lib/workflows/serve/serve-ports.ts';

const text = (feed: string) => `feed: ${feed}
source: {folder: "./inbox"}
schedule: {at: "02:00", timezone: UTC}
tables: {items: {files: items.csv, columns: {id: {type: bigint, key: true}}}}
`;

function folder(places: readonly string[] = ['.']) {
  const path = mkdtempSync(join(tmpdir(), 'nightfeed-serve-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const events: ServeEvent[] = [];
  const files = new FeedFiles(
    places.map((place) => join(path, place)),
    wings,
    (event) => events.push(event),
    0,
  );
  const write = (name: string, content: string) => {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), content);
  };
  const names = async () => (await files.look()).map(({ feed }) => feed.feed).sort();
  const told = () =>
    events
      .splice(0)
      .map(
        ({ event, ...more }) =>
          `${event} ${'feed' in more ? more.feed : ''}${'error' in more ? more.error?.message.replaceAll(path, '') : ''}${'text' in more ? more.text.replaceAll(path, '') : ''}`,
      );
  return { path, files, write, names, told };
}

test('feed files lie in the folder, or in a folder each; the lake and what is hidden are no places for them', async () => {
  const { write, names } = folder();
  for (const [name, feed] of [
    ['a.yaml', 'a'],
    ['b/feed.yml', 'b'],
    ['.nightfeed/c.yaml', 'c'],
    ['.d.yaml', 'd'],
    ['node_modules/e.yaml', 'e'],
  ])
    write(name!, text(feed!));
  write('nightfeed.config.yaml', 'feeds: [a.yaml]');
  write('notes.txt', 'feed: f');
  expect(await names()).toEqual(['a', 'b']);
});

test('a broken file is told by its name, once, and stops no other', async () => {
  const { write, names, told } = folder();
  write('a.yaml', text('a'));
  write('b.yaml', 'feeed: b\n');
  expect(await names()).toEqual(['a']);
  expect(told()).toEqual([expect.stringContaining('trouble null/b.yaml:1: feed: expected'), 'feed a']);
  expect(await names()).toEqual(['a']);
  expect(told()).toEqual([]);
  write('b.yaml', text('b'));
  expect(await names()).toEqual(['a', 'b']);
  expect(told()).toEqual(['feed b']);
});

test('what is the same stays the same object; a changed, new or removed file counts at the next look', async () => {
  const { write, files, names, told, path } = folder();
  write('a.yaml', text('a'));
  const [first] = await files.look();
  expect((await files.look())[0]).toBe(first);
  write('a.yaml', text('a').replace('02:00', '03:00'));
  const [second] = await files.look();
  expect([second === first, second!.feed.schedule?.at]).toEqual([false, '03:00']);
  told();
  rmSync(join(path, 'a.yaml'));
  expect(await names()).toEqual([]);
  expect(told()).toEqual(['note a is served no longer: /a.yaml is gone, or has faults']);
});

test('a feed that two files describe is run by neither; a link to a file is that file', async () => {
  const { write, names, told, path } = folder();
  write('a.yaml', text('shop'));
  write('b.yaml', text('shop'));
  write('c.yaml', text('other'));
  symlinkSync(join(path, 'c.yaml'), join(path, 'd.yaml'));
  expect(await names()).toEqual(['other']);
  expect(told()[0]).toBe('trouble nullthe feed shop stands in /a.yaml and /b.yaml; neither is run');
});

test('patterns and names; one that finds nothing is told', async () => {
  const { write, names, told } = folder(['feeds/*.yaml', 'one.yaml', 'gone.yaml']);
  write('feeds/a.yaml', text('a'));
  write('feeds/deep/b.yaml', text('b'));
  write('one.yaml', text('one'));
  expect(await names()).toEqual(['a', 'one']);
  expect(told()[0]).toBe('trouble null/gone.yaml is no file, folder or pattern that fits a feed file');
});
