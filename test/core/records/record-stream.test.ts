import { describe, expect, test } from 'vitest';
import { locate, type PlacedRecord, records } from '../../../lib/core/records/record-stream.ts';

const dialect = { delimiter: 44, quote: 34 };

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield new Uint8Array(Buffer.from(part));
}

async function shown(found: AsyncIterable<PlacedRecord>): Promise<[number, number, number, string][]> {
  const all: [number, number, number, string][] = [];
  for await (const { index, offset, length, bytes } of found) all.push([index, offset, length, bytes.toString()]);
  return all;
}

describe('records', () => {
  test('come with their ends and places, rejected or not, over the borders of chunks', async () => {
    expect(await shown(records(chunks('1,a\n2', ',"b\n', 'c"\n3"\n\n4,d', '\n'), dialect, '\n', 2))).toEqual([
      [0, 0, 4, '1,a\n'],
      [1, 4, 8, '2,"b\nc"\n'],
      [2, 12, 3, '3"\n'],
      [3, 16, 4, '4,d\n'],
    ]);
  });

  test('of one column may be blank, but not at the end', async () => {
    expect(await shown(records(chunks('a\r\n\r', '\nb\r\n', '\r\n'), dialect, '\r\n', 1))).toEqual([
      [0, 0, 3, 'a\r\n'],
      [1, 3, 2, '\r\n'],
      [2, 5, 3, 'b\r\n'],
    ]);
  });

  test('that are cut fail', async () => {
    await expect(shown(records(chunks('1,a\n2,'), dialect, '\n', 2))).rejects.toMatchObject({
      name: 'NO_FINAL_NEWLINE',
    });
  });
});

describe('locate', () => {
  const data = () => chunks('0,a\n1,', 'b\n2,c\n', '3,d\n');

  test('finds records by index', async () => {
    expect(await shown(locate([1, 3], data(), dialect, '\n', 2))).toEqual([
      [1, 4, 4, '1,b\n'],
      [3, 12, 4, '3,d\n'],
    ]);
  });

  test('reads nothing for nothing, and no further than it must', async () => {
    const read: string[] = [];
    async function* watched() {
      for await (const chunk of data()) {
        read.push(Buffer.from(chunk).toString());
        yield chunk;
      }
    }
    expect(await shown(locate([], watched(), dialect, '\n', 2))).toEqual([]);
    expect(read).toEqual([]);
    expect(await shown(locate([0], watched(), dialect, '\n', 2))).toHaveLength(1);
    expect(read).toEqual(['0,a\n1,']);
  });

  test.each([[[4]], [[2, 1]], [[1, 1]]])('refuses %j', async (indexes) => {
    await expect(shown(locate(indexes, data(), dialect, '\n', 2))).rejects.toMatchObject({ name: 'ENGINE_DISAGREES' });
  });
});
