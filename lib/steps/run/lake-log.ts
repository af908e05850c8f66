import { asNightfeedError } from '../../core/errors.ts';
import { keys, type RunId, runName } from '../../core/run/keys.ts';
import type { LogLine } from '../../core/run/log-line.ts';
import { shownJson } from '../../core/shown-text.ts';
import type { Store } from '../../ports/store.ts';
import { newAttempt } from './attempt.ts';
import type { LogPlace } from './told-log.ts';

/** Lines of one process that wait to be kept. What tells more, such as a server that fails every second, loses its later lines. */
const MOST_LINES = 5000;

/** Keeps lines in the lake, each time in an object of its own, because objects of the lake never change. */
export class LakeLog implements LogPlace {
  readonly #store: Pick<Store, 'create'>;
  readonly #trouble: (text: string) => void;
  #lines: LogLine[] = [];
  #left = 0;
  #kept = 0;
  #isTroubled = false;

  /** `trouble` is told once that the lake does not take lines. */
  constructor(store: Pick<Store, 'create'>, trouble: (text: string) => void) {
    this.#store = store;
    this.#trouble = trouble;
  }

  add(line: LogLine): void {
    if (this.#lines.length < MOST_LINES) this.#lines.push(line);
    else this.#left += 1;
  }

  async keep(run: RunId, attempt: number): Promise<void> {
    const lines = this.#lines.map((line) => owned(line, run, attempt));
    const [first, last] = [lines[0], lines.at(-1)];
    if (!first || !last) return;
    if (this.#left > 0)
      lines.push({ ...last, level: 'warn', message: `${this.#left} more lines are left out`, fields: {} });
    const left = this.#left;
    try {
      const key = keys.log(
        run,
        `${first.time.replaceAll(/\D/g, '')}-${newAttempt(String(this.#kept).padStart(5, '0'))}`,
      );
      await this.#store.create(key, lines.map((line) => `${shownJson(line)}\n`).join(''));
      this.#lines = this.#lines.slice(lines.length - (left > 0 ? 1 : 0));
      this.#left -= left;
      this.#kept += 1;
    } catch (thrown) {
      if (!this.#isTroubled)
        this.#trouble(`the log of ${runName(run)} is not kept: ${asNightfeedError(thrown).message}`);
      this.#isTroubled = true;
    }
  }
}

/** A process does not know its run before the ledger has opened it. */
function owned(line: LogLine, run: RunId, attempt: number): LogLine {
  return line.run === null ? { ...line, feed: run.feed, run: runName(run), attempt } : line;
}
