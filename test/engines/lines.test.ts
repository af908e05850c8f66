import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { LineProcess } from '../../lib/engines/common/line-process.ts';
import { linesOf } from '../../lib/engines/common/lines.ts';

async function read(stream: Readable, most?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(stream, most)) lines.push(line);
  return lines;
}

describe('lines', () => {
  test.each([
    ['nothing', [], []],
    ['a line without an end', ['a'], ['a']],
    ['lines cut anywhere', ['a\nb', 'c', '\n\nd\n'], ['a', 'bc', '', 'd']],
    ['an end alone', ['\n'], ['']],
    ['a separator that is no line end', ['{"a":"\u2028"}\nb'], ['{"a":"\u2028"}', 'b']],
    ['a character cut in two', [Buffer.from([0xc3]), Buffer.from([0xa4, 0x0a])], ['ä']],
  ])('%s', async (_name, chunks, expected) => {
    expect(await read(Readable.from(chunks, { objectMode: false }))).toEqual(expected);
  });

  test('a line without end is given up before it fills the memory', async () => {
    let sent = 0;
    const endless = new Readable({
      read() {
        sent += 1 << 16;
        this.push('a'.repeat(1 << 16));
      },
    });
    await expect(read(endless, 1 << 20)).rejects.toThrow('a line has more than 1048576 characters');
    expect(sent).toBeLessThan(4 << 20);
  });

  test('a process that answers without end is ended, and whoever waits for it is told', async () => {
    const endless = new LineProcess('/bin/sh', ['-c', 'tr "\\0" a < /dev/zero'], {
      options: { env: { PATH: '/usr/bin:/bin' } },
      patienceMs: 1000,
      keptErrors: 100,
    });
    await expect(endless.ask('?')).rejects.toThrow('a line has more than');
    await endless.close();
    expect(endless.alive).toBe(false);
  });
});
