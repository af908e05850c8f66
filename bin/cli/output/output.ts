import { styleText } from 'node:util';
import type { ErrorState } from '../../../lib/core/error-kinds.ts';
import { stackOf } from '../../../lib/core/error-text.ts';
import { asNightfeedError } from '../../../lib/core/errors.ts';
import { reportOf } from '../../../lib/core/run/message.ts';
import { EXIT_USAGE, exitCodes } from '../../../lib/core/run/state.ts';
import { shownJson } from '../../../lib/core/shown-text.ts';
import { failureAnswer } from './failure-answer.ts';
import { ProgressLine } from './progress-line.ts';
import { terminalLines } from './terminal-lines.ts';

type Style = Parameters<typeof styleText>[0];

/** How long closing may take before the process ends anyway. */
const CLOSE_MS = 5000;

/** What a person or a script reads. Results go to standard output, all else to standard error. */
export class Output {
  readonly json: boolean;
  readonly #progress = new ProgressLine();
  #answered = false;
  #close = async () => {};

  constructor({ json }: { json: boolean }) {
    this.json = json;
  }

  /** Characters of a line, for tables; what goes elsewhere than to a terminal may be of any width. */
  get room(): number {
    return (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY;
  }

  /** Colours only on a terminal that wants them. */
  paint(style: Style, text: string): string {
    return styleText(style, text, { stream: process.stdout });
  }

  /** A line of the result, for people. */
  print(text = ''): void {
    this.#progress.clear();
    if (!this.json) process.stdout.write(`${terminalLines(text, process.stdout)}\n`);
  }

  /** The result, for scripts: the one object on standard output. */
  answer(result: unknown): void {
    this.#progress.clear();
    this.#answered = true;
    if (this.json) process.stdout.write(`${shownJson(result)}\n`);
  }

  /** What happened just now, of a command that goes on: an object a line for scripts, a line for people. */
  event(happened: object, line: string): void {
    this.#progress.clear();
    process.stdout.write(this.json ? `${shownJson(happened)}\n` : `${terminalLines(line, process.stdout)}\n`);
  }

  say(text: string): void {
    this.#progress.clear();
    this.#tell(`  ${text}`);
  }

  begin(step: string): void {
    this.#progress.begin(step);
  }

  progress(text: string, done: number, total: number): void {
    this.#progress.update(text, done, total);
  }

  /** Steps are over; what follows is the result. */
  done(): void {
    this.#progress.clear();
  }

  /** Reports a failure outside of a run; returns the exit code. */
  failure(thrown: unknown): number {
    const error = asNightfeedError(thrown);
    const code = exitCodeOf(error.state);
    if (this.json && !this.#answered) {
      const state = error.state === 'busy' ? 'running' : error.state === 'usage' ? null : error.state;
      this.answer(failureAnswer(state, reportOf(error)));
    }
    this.#progress.clear();
    const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stderr });
    this.#tell(`${paint('red', error.name)}  ${error.message}\n  ${error.hint}`);
    const stack = stackOf(error);
    if (stack !== undefined) this.#tell(paint('dim', stack));
    return code;
  }

  #tell(text: string): void {
    process.stderr.write(`${terminalLines(text, process.stderr)}\n`);
  }

  /** Ends the process after an uncaught error. When the command has answered already, its answer and exit code stay. */
  crash(thrown: unknown): void {
    const isOver = this.#answered;
    const code = this.failure(thrown);
    const end = () => process.exit(isOver ? process.exitCode : code);
    setTimeout(end, CLOSE_MS).unref();
    if (!isOver)
      void this.#close()
        .catch(() => {})
        .finally(end);
  }

  /** Wraps `close` so that Ctrl-C and SIGTERM call it too. The next command takes the run over. */
  closeOnSignal(close: () => Promise<void>): () => Promise<void> {
    const onSignal = (signal: NodeJS.Signals) => {
      this.say(`${signal}: stopping; run the same command again to go on`);
      void close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    };
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    this.#close = close;
    return async () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      await close();
    };
  }
}

/** The exit code of a command that a failure of this state ends. */
export function exitCodeOf(state: ErrorState): number {
  if (state === 'usage') return EXIT_USAGE;
  return exitCodes[state === 'busy' ? 'running' : state];
}
