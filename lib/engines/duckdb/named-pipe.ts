import { close, createReadStream, open, type ReadStream, read } from 'node:fs';

/**
 * What is written into a named pipe, in large pieces. A pipe gives 64 KB at a time, and Node's stream makes a new buffer of its whole
 * size for each of these: the garbage collector then works longer than everybody else.
 */
export function readPipe(path: string): ReadStream {
  return createReadStream(path, { highWaterMark: PIECE_BYTES, fs: { open, read: readFull, close } });
}

const PIECE_BYTES = 1 << 20;

type Answer = (error: NodeJS.ErrnoException | null, bytesRead: number, buffer: Buffer) => void;

/** Reads until the buffer is full, or until the writers have closed the pipe. */
function readFull(pipe: number, buffer: Buffer, from: number, length: number, _place: null, answer: Answer): void {
  const more = (done: number) =>
    read(pipe, buffer, from + done, length - done, null, (error, bytesRead) => {
      if (error || bytesRead === 0 || done + bytesRead === length) answer(error, done + bytesRead, buffer);
      else more(done + bytesRead);
    });
  more(0);
}
