import type { Limits } from '../common/limits.ts';
import { Pace } from '../common/pace.ts';
import type { SftpSession } from './sftp-session.ts';

/** Every server must accept a read of this length (draft-ietf-secsh-filexfer, section 3); ssh2 would split a longer one. */
const CHUNK_BYTES = 31_000;
/** Requests sent ahead, 2 MB in all. ssh2's own stream sends one at a time, which gives 1.5 MB a second at a latency of 20 ms. */
const AHEAD = 64;

/** The bytes of an open file from an offset to its end, in order, whatever lengths the server answers with. */
export async function* readFrom(
  session: SftpSession,
  handle: Buffer,
  from: number,
  limits: Limits,
): AsyncGenerator<Buffer> {
  const pace = new Pace(limits, (slow) => session.close(slow));
  const ahead: Promise<Buffer>[] = [];
  let next = from;
  const ask = () => {
    const piece = readWhole(session, handle, next, pace);
    // The failure is thrown when this piece is awaited. Until then it must not count as unhandled.
    piece.catch(() => {});
    ahead.push(piece);
    next += CHUNK_BYTES;
  };
  try {
    while (ahead.length < AHEAD) ask();
    for (;;) {
      const piece = await ahead.shift()!;
      pace.hold();
      if (piece.length > 0) yield piece;
      pace.goOn();
      if (piece.length < CHUNK_BYTES) return;
      ask();
    }
  } finally {
    pace.stop();
  }
}

/** The bytes at a position; fewer than a chunk only at the end of the file. */
async function readWhole(session: SftpSession, handle: Buffer, position: number, pace: Pace): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  while (filled < CHUNK_BYTES) {
    const read = await session.ask<number>((sftp, done) =>
      sftp.read(handle, bytes, filled, CHUNK_BYTES - filled, position + filled, done),
    );
    if (read === 0) break;
    pace.came(read);
    filled += read;
  }
  return bytes.subarray(0, filled);
}
