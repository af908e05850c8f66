import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type postgres from 'postgres';

/** How long the server may stay silent while we wait for it, and the error after that. */
export interface Silence {
  readonly limitMs: number;
  over(): void;
}

type Statement = postgres.PendingQuery<postgres.Row[]>;

/** COPY … FROM STDIN at the server's pace. Only waiting for the server counts as its silence, not waiting for the rows. */
export async function send(statement: Statement, rows: Readable, silence: Silence): Promise<void> {
  try {
    const sink = await during(silence, () => statement.writable());
    // For the library the statement is answered already, so nobody would get an error after the last row.
    Object.assign(statement, { reject: (error: Error) => sink.destroy(error) });
    await pipeline(rows, watched(sink, silence));
  } finally {
    // The producer of the rows has to stop when nobody reads them.
    rows.destroy();
  }
}

/** COPY … TO STDOUT at the sink's pace. */
export async function receive(statement: Statement, sink: Writable, silence: Silence): Promise<void> {
  const rows = await during(silence, () => statement.readable());
  await pipeline(async function* () {
    const chunks = rows[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    try {
      for (;;) {
        const { value, done } = await during(silence, () => chunks.next());
        if (done) return;
        yield value;
      }
    } finally {
      rows.destroy();
    }
  }, sink);
}

/** A sink that times each write into another one, and fails when that one fails. */
function watched(sink: Writable, silence: Silence): Writable {
  const guard = new Writable({
    highWaterMark: 0,
    write(chunk, _encoding, done) {
      const timer = setTimeout(silence.over, silence.limitMs);
      sink.write(chunk, (error) => {
        clearTimeout(timer);
        // The reason for which it was destroyed, instead of the fact that it is.
        done(sink.errored ?? error);
      });
    },
    final(done) {
      const timer = setTimeout(silence.over, silence.limitMs);
      sink.end((error?: Error | null) => {
        clearTimeout(timer);
        done(sink.errored ?? error);
      });
    },
    destroy(error, done) {
      sink.destroy(error ?? undefined);
      done(error);
    },
  });
  // An error of the sink without a listener would end the process.
  sink.on('error', (error) => guard.destroy(error));
  return guard;
}

async function during<T>({ limitMs, over }: Silence, wait: () => PromiseLike<T>): Promise<T> {
  const timer = setTimeout(over, limitMs);
  try {
    return await wait();
  } finally {
    clearTimeout(timer);
  }
}
