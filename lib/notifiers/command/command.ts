import { type ChildProcess, spawn } from 'node:child_process';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt, shownJson } from '../../core/shown-text.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { payloadOf } from '../common/payload.ts';

const PATIENCE_MS = 30_000;
const ERROR_CHARACTERS = 160;

/** Starts the program for each message. Exit code 0 says that it took the message. Of our environment it gets the path alone. */
export function commandNotifier(program: string, args: readonly string[], path: string | undefined): Notifier {
  const unsent = (reason: string) =>
    new NightfeedError('NOTIFIER_UNAVAILABLE', `${program} did not take the message: ${reason}`);
  return {
    async send(message) {
      const child = spawn(program, args, {
        env: { PATH: path },
        stdio: ['pipe', 'ignore', 'pipe'],
        // A process group of its own, so that what it started ends with it.
        detached: true,
      });
      let errors = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors = `${errors}${text}`.slice(0, ERROR_CHARACTERS * 2);
      });
      // A program that does not read what it gets has closed the pipe; its exit code counts.
      child.stdin.on('error', () => {});
      child.stdin.end(`${shownJson(payloadOf(message))}\n`);
      const { code, signal } = await ended(child).catch((cause: Error) => {
        throw unsent(cause.message);
      });
      // What it left running may hold the pipes, and is not waited for.
      for (const stream of [child.stdin, child.stderr]) stream.destroy();
      if (code === 0) return;
      if (signal !== null) throw unsent(`it was ended by ${signal}, after ${PATIENCE_MS / 1000} s or by somebody`);
      throw unsent(`it ended with ${code}: ${excerpt(errors.trim(), ERROR_CHARACTERS)}`);
    },
  };
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** When the program itself ends, or is ended because it takes too long. */
function ended(child: ChildProcess): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), PATIENCE_MS);
  child.once('error', reject);
  // What it wrote last is read before.
  child.once('exit', (code, signal) => setImmediate(() => resolve({ code, signal })));
  return promise.finally(() => clearTimeout(timer));
}
