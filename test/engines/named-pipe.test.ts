import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPipe } from '../../lib/engines/duckdb/named-pipe.ts';

let folder: string;
let pipe: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightfeed-pipe-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const PIECE = 1 << 20;

/** Writes numbers, a line each, as fast as the pipe takes them. */
function writer(last: number) {
  return spawn('sh', ['-c', `seq 1 ${last} > "$0"`, pipe], { stdio: 'ignore' });
}

test('what goes through a pipe comes in full pieces, and none of it is lost', async () => {
  const child = writer(500_000);
  const pieces: Buffer[] = [];
  for await (const piece of readPipe(pipe) as AsyncIterable<Buffer>) pieces.push(piece);
  expect(Buffer.concat(pieces).toString()).toBe(
    Array.from({ length: 500_000 }, (_, index) => `${index + 1}\n`).join(''),
  );
  expect(pieces.slice(0, -1).map(({ length }) => length)).toEqual([PIECE, PIECE, PIECE]);
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0);
});

test('few bytes do not wait for more', async () => {
  writer(3);
  expect(await text(readPipe(pipe))).toBe('1\n2\n3\n');
});

test('a reader that leaves ends the writer', async () => {
  const child = writer(1_000_000_000);
  const gone = once(child, 'exit');
  for await (const _ of readPipe(pipe)) break;
  // Either the shell or the writer itself tells of the broken pipe.
  expect((await gone)[0]).not.toBe(0);
});
