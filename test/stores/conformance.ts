import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../lib/ports/store.ts';

/**
 * What every kind of store must do; `open` gives an empty one. `hasLarge` is false for an emulator that cannot keep what is sent in
 * several parts.
 */
export function storeConforms(
  name: string,
  open: () => Promise<{ store: Store; close(): Promise<void> }>,
  hasLarge = true,
): void {
  describe(`the store ${name}`, () => {
    let store: Store;
    let close: () => Promise<void>;
    let scratch: string;

    beforeEach(async () => {
      ({ store, close } = await open());
      scratch = await mkdtemp(join(tmpdir(), 'nightfeed-contract-'));
    });

    afterEach(async () => {
      await close();
      await rm(scratch, { recursive: true });
    });

    test('creates an object once, and keeps the first body', async () => {
      expect(await store.create('receipts/a/2026-11-20/pull/1.json', '{"a":"ä"}')).toBe(true);
      expect(await store.create('receipts/a/2026-11-20/pull/1.json', '{"a":"other"}')).toBe(false);
      expect(await store.readText('receipts/a/2026-11-20/pull/1.json')).toBe('{"a":"ä"}');
    });

    test('lets one of many creators win, and shows all of them the same body', async () => {
      const bodies = Array.from({ length: 20 }, (_, i) => `creator ${i}`);
      const created = await Promise.all(bodies.map((body) => store.create('receipts/a/r.json', body)));

      expect(created.filter(Boolean)).toHaveLength(1);
      expect(await store.readText('receipts/a/r.json')).toBe(bodies[created.indexOf(true)]);
    });

    test.each([
      ['nothing', []],
      ['one chunk', ['abc']],
      ['many chunks', ['abc', '', 'def', 'x'.repeat(3 << 20)]],
    ])('streams %s in and out', async (_, parts) => {
      const size = await store.write('landing/a/1/part', streamOf(parts));

      expect(size).toBe(parts.join('').length);
      expect((await buffer(store.read('landing/a/1/part'))).toString()).toBe(parts.join(''));
      expect((await readFile(await store.localPath('landing/a/1/part', scratch))).length).toBe(size);
    });

    if (hasLarge)
      test('streams more than a part of an upload in and out', async () => {
        const chunk = randomBytes(1 << 20);
        const size = await store.write('landing/a/1/part', repeated(chunk, 20));

        expect(size).toBe(20 << 20);
        let read = 0;
        for await (const piece of store.read('landing/a/1/part') as AsyncIterable<Buffer>) {
          for (let at = 0; at < piece.length; ) {
            const expected = chunk.subarray((read + at) % chunk.length);
            const length = Math.min(expected.length, piece.length - at);
            if (expected.compare(piece, at, at + length, 0, length) !== 0)
              throw new Error(`other bytes from ${read + at} on`);
            at += length;
          }
          read += piece.length;
        }
        expect(read).toBe(size);
      });

    test('leaves nothing of a large object when its bytes fail on their way', async () => {
      const failing = async function* () {
        yield* repeated(Buffer.alloc(1 << 20), 20);
        throw new Error('the vendor hung up');
      };
      await expect(store.write('landing/a/1/part', failing())).rejects.toThrow('the vendor hung up');
      expect(await store.list('')).toEqual([]);
    });

    test('has the same identity each time, and its objects as files where it names a folder', async () => {
      expect(await store.identity()).toEqual(await store.identity());
      await store.create('receipts/a/1.json', 'text');
      if (store.folder !== undefined) {
        expect(await readFile(join(store.folder, 'receipts/a/1.json'), 'utf8')).toBe('text');
        expect(await store.localPath('receipts/a/1.json', scratch)).toBe(join(store.folder, 'receipts/a/1.json'));
      }
    });

    test('says how much room there is, also before the first object, unless there is no end of it', async () => {
      const room = await store.room();
      expect(room === null).toBe(store.folder === undefined);
      if (room !== null) expect(room).toBeGreaterThan(1_000_000);
    });

    test('puts a local file', async () => {
      const path = join(scratch, 'inserted.parquet');
      await writeFile(path, 'PAR1');

      expect(await store.writeFile('changes/a/1/inserted.parquet', path)).toBe(4);
      expect(await store.readText('changes/a/1/inserted.parquet')).toBe('PAR1');
    });

    test('copies an object to a key that is new', async () => {
      await store.create('changes/a/1/current/t/_loaded_at=1/part-0', 'PAR1');
      await store.create('changes/a/1/other', 'other');
      await store.copy('changes/a/1/current/t/_loaded_at=1/part-0', 'current/a/t/0');
      expect(await store.readText('current/a/t/0')).toBe('PAR1');
      expect(await store.readText('changes/a/1/current/t/_loaded_at=1/part-0')).toBe('PAR1');

      const refusal = { name: 'OBJECT_EXISTS', message: expect.stringContaining('current/a/t/0 exists already') };
      await expect(store.copy('changes/a/1/other', 'current/a/t/0')).rejects.toMatchObject(refusal);
      const missing = { name: 'OBJECT_MISSING', message: expect.stringContaining('changes/a/none') };
      await expect(store.copy('changes/a/none', 'current/a/t/1')).rejects.toMatchObject(missing);
      expect(await store.readText('current/a/t/0')).toBe('PAR1');
      expect(await store.readText('current/a/t/1')).toBeNull();
    });

    test('refuses to replace an object', async () => {
      await store.write('landing/a/1/part', streamOf(['first']));
      const path = join(scratch, 'second');
      await writeFile(path, 'second');

      const refusal = { name: 'OBJECT_EXISTS', message: expect.stringContaining('landing/a/1/part exists already') };
      await expect(store.write('landing/a/1/part', streamOf(['second']))).rejects.toMatchObject(refusal);
      await expect(store.writeFile('landing/a/1/part', path)).rejects.toMatchObject(refusal);
      expect(await store.readText('landing/a/1/part')).toBe('first');
    });

    test('leaves nothing when the bytes fail on their way, and passes the failure on', async () => {
      const failure = Object.assign(new Error('the vendor hung up'), { code: 'ENOSPC' });
      const failing = async function* () {
        yield Buffer.from('half');
        throw failure;
      };

      await expect(store.write('landing/a/1/part', failing())).rejects.toBe(failure);
      expect(await store.readText('landing/a/1/part')).toBeNull();
      expect(await store.list('')).toEqual([]);
      expect(await store.write('landing/a/1/part', streamOf(['whole']))).toBe(5);
    });

    test('says OBJECT_MISSING for an absent object', async () => {
      const missing = { name: 'OBJECT_MISSING', message: expect.stringContaining('landing/a/none') };

      expect(await store.readText('landing/a/none')).toBeNull();
      await expect(buffer(store.read('landing/a/none'))).rejects.toMatchObject(missing);
      await expect(store.localPath('landing/a/none', scratch)).rejects.toMatchObject(missing);
    });

    test('lists by the beginning of the key, sorted', async () => {
      const keys = ['a/2026-11-20/b', 'a/2026-11-20-r2/a', 'a/2026-11-20/a/z', 'a/2026-11-19/a', 'a/2026', 'b/1'];
      for (const key of keys) await store.create(key, key);
      const listed = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key);

      expect(await listed('')).toEqual([...keys].sort());
      expect(await listed('a/2026-11-20')).toEqual(['a/2026-11-20-r2/a', 'a/2026-11-20/a/z', 'a/2026-11-20/b']);
      expect(await listed('a/2026-11-20/')).toEqual(['a/2026-11-20/a/z', 'a/2026-11-20/b']);
      expect(await listed('a/2026-11-20/b')).toEqual(['a/2026-11-20/b']);
      expect(await listed('c/')).toEqual([]);
    });

    test('lists sizes and the time of the put', async () => {
      const path = join(scratch, 'file');
      await writeFile(path, '12345');
      await utimes(path, 0, 0);
      const before = Date.now() - 2000;
      await store.writeFile('a/b', path);

      const [entry] = await store.list('a/');
      expect(entry).toMatchObject({ key: 'a/b', size: 5 });
      expect(entry!.modified.getTime()).toBeGreaterThan(before);
    });

    test('removes objects, and does not mind absent ones', async () => {
      await store.create('a/b/c', '1');
      await store.create('a/b/d', '2');
      await store.remove(['a/b/c', 'a/b/none', 'x/y/z']);

      expect((await store.list('')).map(({ key }) => key)).toEqual(['a/b/d']);
      await store.remove(['a/b/d']);
      expect(await store.create('a/b/c', 'again')).toBe(true);
    });

    test('a reader may stop early', async () => {
      await store.write('a/b', streamOf(['x'.repeat(5 << 20)]));
      for await (const chunk of store.read('a/b')) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
    });

    test.each(['', '/a', 'a/', 'a//b', '../a', 'a/../../b', 'a/./b', 'a b', 'a\\b', 'ä', 'a\0b', '.tmp/a'])(
      'refuses the key %j',
      async (key) => {
        const refusal = { name: 'UNFORESEEN', message: expect.stringContaining('allowed are segments of') };
        await expect((async () => store.create(key, ''))()).rejects.toMatchObject(refusal);
        await expect((async () => buffer(store.read(key)))()).rejects.toMatchObject(refusal);
        // Such an object may be there: Spark marks folders by them.
        if (key !== 'a/') await expect((async () => store.remove([key]))()).rejects.toMatchObject(refusal);
      },
    );
  });
}

async function* repeated(chunk: Buffer, times: number) {
  for (let n = 0; n < times; n++) yield chunk;
}

async function* streamOf(parts: readonly string[]) {
  for (const part of parts) yield Buffer.from(part);
}
