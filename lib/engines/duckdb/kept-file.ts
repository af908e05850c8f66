import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { NightfeedError } from '../../core/errors.ts';
import { quoteLiteral } from '../../core/feed/identifier.ts';
import type { KeptFile } from '../../ports/engine.ts';
import { readPipe } from './named-pipe.ts';
import type { DuckDbPool } from './pool.ts';
import type { DuckDbSession } from './session.ts';

/** Writes a vendor's file below the pool's scratch folder. The process that reads it starts at its first question. */
export async function keepLocally(pool: DuckDbPool, bytes: AsyncIterable<Buffer>, size: number): Promise<KeptFile> {
  const folder = await pool.newFolder();
  let reader: Promise<DuckDbSession> | undefined;
  const session = () => {
    reader ??= pool.reader(folder);
    return reader;
  };
  const remove = async () => {
    if (reader !== undefined) pool.endReader(await reader);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const path = join(folder, 'delivered');
    await requireRoom(folder, size);
    await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600 })).catch(orNoRoom(folder));
    return {
      path,
      size: (await stat(path)).size,
      ask: async (sql) => (await session()).run(sql),
      copy: (select, options) => patient(copied(session, folder, select, options), session, pool.patienceMs),
      remove,
    };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

/** It is better to say so at once than after an hour of transfer. */
async function requireRoom(folder: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= size) return;
  const message = `the file has ${size} bytes and has to lie in ${folder} while it is read; ${free} bytes are free there`;
  throw new NightfeedError('ENGINE_EXHAUSTED', message);
}

function orNoRoom(folder: string): (thrown: NodeJS.ErrnoException) => never {
  return (thrown) => {
    if (thrown.code !== 'ENOSPC' && thrown.code !== 'EDQUOT') throw thrown;
    const message = `the file has to lie in ${folder} while it is read, and there is no space left`;
    throw new NightfeedError('ENGINE_EXHAUSTED', message, { cause: thrown });
  };
}

/** DuckDB writes into a named pipe while the text is read, so that it lies nowhere. */
async function* copied(
  session: () => Promise<DuckDbSession>,
  folder: string,
  select: string,
  options: string,
): AsyncGenerator<Buffer> {
  const reader = await session();
  const pipe = join(folder, 'text.pipe');
  await promisify(execFile)('mkfifo', ['-m', '600', pipe]);
  await reader.lendPipe(pipe);
  const input = readPipe(pipe);
  const written = reader
    .run(`COPY (${select}) TO ${quoteLiteral(pipe)} (${options}, USE_TMP_FILE false)`)
    .catch(async (error: Error) => {
      // When DuckDB fails before it opens the pipe, our own `open` still waits for a writer. This one lets it go on.
      await (await open(pipe, 'r+')).close();
      input.destroy(error);
      throw error;
    });
  // It is awaited below, where the text was read to its end.
  written.catch(() => {});
  try {
    yield* input;
    await written;
  } finally {
    input.destroy();
    await rm(pipe, { force: true });
  }
}

/** The same pieces, if none of them takes longer. The time in which nobody asks for one does not count. */
async function* patient(
  pieces: AsyncGenerator<Buffer>,
  session: () => Promise<DuckDbSession>,
  milliseconds: number,
): AsyncGenerator<Buffer> {
  let isGivenUp = false;
  const giveUp = () => {
    isGivenUp = true;
    void session().then((reader) => reader.kill());
  };
  try {
    for (;;) {
      const impatience = setTimeout(giveUp, milliseconds);
      const { value, done } = await pieces.next().finally(() => clearTimeout(impatience));
      if (done) return;
      yield value;
    }
  } catch (thrown) {
    if (!isGivenUp) throw thrown;
    const message = `the process that reads the file said nothing for ${milliseconds / 1000} s, and was ended`;
    throw new NightfeedError('ENGINE_FAILED', message, { cause: thrown });
  } finally {
    await pieces.return(undefined);
  }
}
