/** Start and end of each line, without its line end. CRLF is one line end, and bytes after the last one are a line too. */
export function* lines(bytes: Buffer, from: number, to: number): Generator<readonly [from: number, to: number]> {
  let start = from;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte > CR || !isLineEnd(byte)) continue;
    yield [start, at];
    if (byte === CR && bytes[at + 1] === LF) at++;
    start = at + 1;
  }
  yield [start, Math.max(start, to)];
}

export function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}

const LF = 10;
const CR = 13;
