import { PassThrough, type Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { FTPError } from 'basic-ftp';
import { checkFileName } from '../common/file-name.ts';
import type { Limits } from '../common/limits.ts';
import { Pace } from '../common/pace.ts';
import type { FtpClient } from './ftp-client.ts';
import type { Connections } from './ftp-connections.ts';
import { Unconfirmed } from './ftp-failure.ts';

/** The bytes of a file. They end when both connections say so; SOURCE_UNCONFIRMED when only the data connection did. */
export function download(connections: Connections, limits: Limits, name: string, from: number): Readable {
  const bytes = new PassThrough();
  // Without a listener, a failure before the first read would end the process. A later reader still gets the failure.
  bytes.on('error', () => {});
  connections
    .use(`RETR of ${name}`, async (client) => {
      checkFileName(name);
      if (bytes.destroyed) return;
      const abandon = () => client.close();
      const pace = new Pace(limits, (slow) => client.giveUp(slow));
      bytes.once('close', abandon);
      await retrieve(client, name, from, bytes, pace).finally(() => {
        pace.stop();
        bytes.off('close', abandon);
      });
    })
    .then(
      () => bytes.end(),
      async (failure) => {
        if (failure.name === 'SOURCE_UNCONFIRMED') await isTaken(bytes);
        bytes.destroy(failure);
      },
    );
  return bytes;
}

/** Where the server cannot start at an offset, it sends the whole file, and the bytes before the offset are dropped. */
async function retrieve(client: FtpClient, name: string, from: number, bytes: PassThrough, pace: Pace): Promise<void> {
  try {
    await downloaded(client, sinkInto(bytes, pace), name, from);
  } catch (thrown) {
    if (from === 0 || !isUnknownCommand(thrown)) throw thrown;
    await downloaded(client, sinkInto(bytes, pace, from), name, 0);
  }
}

async function downloaded(client: FtpClient, sink: Writable, name: string, from: number): Promise<void> {
  let data: Readable | undefined;
  sink.once('pipe', (piped: Readable) => {
    data = piped;
  });
  try {
    await client.downloadTo(sink, name, from);
  } catch (thrown) {
    throw data?.readableEnded ? new Unconfirmed(thrown) : thrown;
  }
}

/** When the reader has all that came before a failure: a stream that is destroyed throws away what it holds. */
async function isTaken(bytes: PassThrough): Promise<void> {
  while (!bytes.destroyed && bytes.readableLength + bytes.writableLength > 0) await sleep(TAKEN_MILLISECONDS);
}

const TAKEN_MILLISECONDS = 10;

/** RFC 959: a command or a parameter that the server does not implement. */
function isUnknownCommand(thrown: unknown): boolean {
  return thrown instanceof FTPError && [500, 501, 502, 504].includes(thrown.code);
}

/** A stream in front of `bytes`: basic-ftp ends its destination after a failure too, and a reader would take the file for complete. */
function sinkInto(bytes: PassThrough, pace: Pace, skip = 0): Writable {
  let left = skip;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      pace.came(chunk.length);
      const wanted = chunk.subarray(Math.min(left, chunk.length));
      left -= chunk.length - wanted.length;
      if (wanted.length === 0 || bytes.write(wanted)) return done();
      pace.hold();
      bytes.once('drain', () => {
        pace.goOn();
        done();
      });
    },
  });
}
