import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { Source } from '../../lib/ports/source.ts';
import { lookAround } from '../support/nights/look-around.ts';

/** A vendor that a test delivers for. */
export interface SourceLab {
  /** The source of one folder of the vendor's, such as `out/2026-11-20`. */
  open(folder: string): Source;
  /** A file below the vendor's root, new or in place of another. Folders above it are made. */
  put(path: string, content: string | Buffer): Promise<void>;
  remove(path: string): Promise<void>;
  /** How a feed file names another folder of the vendor's. */
  pathOf(folder: string): string;
  close(): Promise<void>;
}

/** A vendor with a server and a login. */
export interface ServerLab extends SourceLab {
  /** The source with a secret that is not the vendor's. */
  openAsStranger(folder: string): Source;
  /** After it nobody answers. */
  stop(): Promise<void>;
}

const FOLDER = 'out/2026-11-20';

/** Names as vendors have them, and that are no name but text to protocols, shells and patterns. */
const oddNames = [
  'two words.csv',
  ' blank first.csv',
  'größe €𝄞.csv',
  '100%25+.csv',
  'a&b=c;d,e.csv',
  '#1?.csv',
  "it's.csv",
  '"quoted".csv',
  '[ab]*{c}.csv',
  '~home.csv',
  '-rf.csv',
  '$(touch x).csv',
  'ends with a dot.',
];

/** What every kind of source must do; `start` gives a vendor without files. */
export function sourceConforms(kind: string, start: () => Promise<SourceLab>): void {
  describe(`the source ${kind}`, () => {
    let lab: SourceLab;
    let opened: Source[];

    const open = (folder = FOLDER): Source => {
      const source = lab.open(folder);
      opened.push(source);
      return source;
    };
    const put = (name: string, content: string | Buffer) => lab.put(`${FOLDER}/${name}`, content);
    const namesOf = async (source: Source, isWanted?: (name: string) => boolean) =>
      (await source.list(isWanted)).map(({ name }) => name).sort();

    beforeEach(async () => {
      opened = [];
      lab = await start();
    });
    afterEach(async () => {
      for (const source of opened) await source.close();
      await lab.close();
    });

    test('lists the files of its folder, and none beside or below it, nor hidden ones', async () => {
      await put('b.csv', 'id\n1\n');
      await put('a.csv', '');
      await put('.b.csv.part', 'half');
      await put('below/c.csv', 'x');
      await lab.put('out/2026-11-200/d.csv', 'x');
      await lab.put('out/e.csv', 'x');
      const source = open();
      const listed = [...(await source.list())].sort((one, other) => (one.name < other.name ? -1 : 1));
      expect(listed.map(({ name, size }) => [name, size])).toEqual([
        ['a.csv', 0],
        ['b.csv', 5],
      ]);
      for (const file of listed) {
        expect(file.modified === null || !Number.isNaN(Date.parse(file.modified))).toBe(true);
        expect(await source.stat(file.name)).toEqual(file);
      }
    });

    test('lists only what is wanted', async () => {
      for (const name of ['a.csv', 'b.csv', 'a.txt']) await put(name, 'x');
      expect(await namesOf(open(), (name) => name.startsWith('a'))).toEqual(['a.csv', 'a.txt']);
    });

    test('shows all that lies there, for people', async () => {
      await put('A.CSV', 'x');
      await put('.a.csv.part', 'x');
      const { exists, seen } = await lookAround(open());
      expect(exists).not.toBe(false);
      expect(seen).toEqual(['file .a.csv.part', 'file A.CSV']);
    });

    test('a folder that is not there yet is an empty one', async () => {
      await lab.put('out/a.csv', 'x');
      expect(await open('out/2026-11-21').list()).toEqual([]);
      expect((await lookAround(open('out/2026-11-21'))).exists).not.toBe(true);
    });

    test.each(oddNames)('a file named %s', async (name) => {
      await put(name, `content of ${name}`);
      await put('other.csv', 'x');
      const source = open();
      expect(await namesOf(source)).toEqual([name, 'other.csv'].sort());
      expect((await source.stat(name)).size).toBe(Buffer.byteLength(`content of ${name}`));
      expect((await buffer(source.read(name))).toString()).toBe(`content of ${name}`);
    });

    test.each([...oddNames, 'a.csv'])('takes %s away, and nothing else', async (name) => {
      await put(name, 'to be moved');
      await put('other.csv', 'x');
      const done = lab.pathOf('done/2026-11-20');
      const source = open();
      const { disposal } = source;
      expect(await disposal!.sizeIn(done, name)).toBeNull();
      await disposal!.move(name, done);
      expect(await disposal!.sizeIn(done, name)).toBe(11);
      expect(await namesOf(open())).toEqual(['other.csv']);
      expect((await buffer(open('done/2026-11-20').read(name))).toString()).toBe('to be moved');
      await put(name, 'to be deleted');
      await disposal!.remove(name);
      expect(await namesOf(open())).toEqual(['other.csv']);
      expect(await namesOf(open('done/2026-11-20'))).toEqual([name]);
    });

    test.each(['../other.csv', 'below/a.csv', '.', '..', '', 'a\r\nDELE other.csv'])(
      'takes nothing away under the name %j',
      async (name) => {
        await lab.put('out/other.csv', 'x');
        await put('below/a.csv', 'x');
        await put('other.csv', 'x');
        const { disposal } = open();
        const done = lab.pathOf('done');
        for (const act of [
          () => disposal!.remove(name),
          () => disposal!.move(name, done),
          () => disposal!.sizeIn(done, name),
        ])
          await expect((async () => act())()).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
        expect(await namesOf(open())).toEqual(['other.csv']);
        expect(await namesOf(open('out'))).toEqual(['other.csv']);
      },
    );

    test('a file that is gone cannot be moved, and nothing else goes in its place', async () => {
      await put('other.csv', 'x');
      const { disposal } = open();
      // Some servers say no, and some say that it is gone now.
      await disposal!.remove('a.csv').catch((thrown: unknown) => expect(thrown).toBeInstanceOf(NightfeedError));
      await expect(disposal!.move('a.csv', lab.pathOf('done'))).rejects.toBeInstanceOf(NightfeedError);
      expect(await namesOf(open())).toEqual(['other.csv']);
    });

    test('names that differ in case alone are two files', async () => {
      await put('a.csv', 'lower');
      await put('A.CSV', 'upper');
      const source = open();
      expect(await namesOf(source)).toEqual(['A.CSV', 'a.csv']);
      expect((await buffer(source.read('a.csv'))).toString()).toBe('lower');
    });

    test.each(['../secret.csv', 'below/a.csv', '/etc/passwd', '.', '..', '', 'a\0.csv', 'a\r\nDELE b.csv', '.hidden'])(
      'the name %j leaves the folder or the protocol, and is denied',
      async (name) => {
        await lab.put('out/secret.csv', 'x');
        await put('below/a.csv', 'x');
        const source = open();
        await expect(source.stat(name)).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
        await expect(buffer(source.read(name))).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
      },
    );

    test.each([0, 1, 3_000_001])(
      'reads a file of %i bytes, from the start, the middle and its last byte',
      async (size) => {
        const content = randomBytes(size);
        await put('a.bin', content);
        const source = open();
        for (const from of [undefined, 0, size >> 1, Math.max(size - 1, 0)]) {
          const read = await buffer(source.read('a.bin', from));
          expect(read.equals(content.subarray(from ?? 0)), `from ${from}`).toBe(true);
        }
      },
    );

    test('two files can be read at the same time', async () => {
      const [one, other] = [randomBytes(2_000_000), randomBytes(1_000_000)];
      await put('one.bin', one);
      await put('other.bin', other);
      const source = open();
      const read = await Promise.all(['one.bin', 'other.bin'].map((name) => buffer(source.read(name))));
      expect([one, other].map((content, index) => content.equals(read[index]!))).toEqual([true, true]);
    });

    test('a reader may stop early, and the next call works', async () => {
      await put('a.bin', randomBytes(5_000_000));
      await put('b.csv', 'id\n');
      const source = open();
      for await (const chunk of source.read('a.bin')) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect((await buffer(source.read('b.csv'))).toString()).toBe('id\n');
    });

    test('a file that is gone cannot be read', async () => {
      await put('a.csv', 'id\n');
      const source = open();
      await source.list();
      await lab.remove(`${FOLDER}/a.csv`);
      await expect(buffer(source.read('a.csv'))).rejects.toMatchObject({ name: expect.stringMatching(/^SOURCE_/) });
      await expect(source.stat('a.csv')).rejects.toMatchObject({ name: expect.stringMatching(/^SOURCE_/) });
      expect(await source.list()).toEqual([]);
    });

    test('a file in the place of one that was listed shows in stat, and is not read as the other', async () => {
      await put('a.csv', 'id\n1\n');
      const source = open();
      const [before] = await source.list();
      await put('a.csv', 'id\n1\n2\n');
      const read = await buffer(source.read('a.csv')).then(String, (error: Error) => error.name);
      expect(['id\n1\n2\n', 'SOURCE_CHANGED']).toContain(read);
      const after = await source.stat('a.csv');
      expect([before!.size, after.size]).toEqual([5, 7]);
      expect((await buffer(source.read('a.csv'))).toString()).toBe('id\n1\n2\n');
    });

    test('a file that is replaced while it is read comes whole, as it was or as it is, or fails', async () => {
      const [before, after] = [randomBytes(8_000_000), randomBytes(8_000_000)];
      await put('a.bin', before);
      const source = open();
      await source.stat('a.bin');
      const pieces: Buffer[] = [];
      const read = async () => {
        for await (const piece of source.read('a.bin') as AsyncIterable<Buffer>) {
          if (pieces.length === 0) await put('a.bin', after);
          pieces.push(piece);
        }
        return Buffer.concat(pieces);
      };
      const found = await read().catch((error: Error) => error.name);
      if (typeof found === 'string') expect(found).toMatch(/^SOURCE_/);
      else expect([before, after].some((content) => content.equals(found))).toBe(true);
    });

    test('knows the time of the clock that stamps the files, or says that it does not', async () => {
      const now = await open().clock();
      if (now !== null) expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(3_600_000);
    });
  });
}

/** What every kind must do beside it whose vendor has a server. */
export function serverConforms(kind: string, start: () => Promise<ServerLab>): void {
  describe(`the server behind the source ${kind}`, () => {
    let lab: ServerLab;
    let source: Source;

    beforeEach(async () => {
      lab = await start();
      await lab.put(`${FOLDER}/a.csv`, 'id\n');
    });
    afterEach(async () => {
      await source.close();
      await lab.close();
    });

    test('refuses a stranger, and nothing is tried again', async () => {
      source = lab.openAsStranger(FOLDER);
      await expectAll(source, { name: 'SOURCE_LOGIN', transient: false });
    });

    test('may be asked again when it does not answer', async () => {
      source = lab.open(FOLDER);
      await source.list();
      await lab.stop();
      await expectAll(source, { name: 'SOURCE_UNREACHABLE', transient: true });
    });
  });
}

async function expectAll(source: Source, failure: object): Promise<void> {
  await expect(source.list()).rejects.toMatchObject(failure);
  await expect(source.stat('a.csv')).rejects.toMatchObject(failure);
  await expect(buffer(source.read('a.csv'))).rejects.toMatchObject(failure);
}
