import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { NightfeedError } from '../../core/errors.ts';
import { severityOf } from '../../core/run/message-severity.ts';
import { excerpt, shownJson } from '../../core/shown-text.ts';
import type { Notifier } from '../../ports/notifier.ts';

const PATIENCE_MS = 30_000;
const ERROR_CHARACTERS = 200;

/** Starts the program for each message. Exit code 0 says that it took the message. Of our environment it gets the path alone. */
export function commandNotifier(program: string, args: readonly string[], path: string | undefined): Notifier {
  const unsent = (reason: string) =>
    new NightfeedError('NOTIFIER_UNAVAILABLE', `${program} did not take the message: ${reason}`);
  return {
    async send(message) {
      const child = spawn(program, args, {
        env: { PATH: path },
        stdio: ['pipe', 'ignore', 'pipe'],
        timeout: PATIENCE_MS,
        killSignal: 'SIGKILL',
      });
      let errors = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors = `${errors}${text}`.slice(0, ERROR_CHARACTERS * 2);
      });
      // A program that does not read what it gets has closed the pipe; its exit code counts.
      child.stdin.on('error', () => {});
      child.stdin.end(`${shownJson({ ...message, severity: severityOf(message) })}\n`);
      const [code, signal] = await once(child, 'close').catch((cause: Error) => {
        throw unsent(cause.message);
      });
      if (signal !== null) throw unsent(`it was ended by ${signal}, after ${PATIENCE_MS / 1000} s or by somebody`);
      if (code !== 0) throw unsent(`it ended with ${code}: ${excerpt(errors.trim(), ERROR_CHARACTERS)}`);
    },
  };
}
