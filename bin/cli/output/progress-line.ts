import { styleText } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { shownText } from '../../../lib/core/shown-text.ts';

/** Characters for the name beside the bar, on a line of 80 columns. */
const MAX_NAME = 28;

/** A bar per long step on a terminal; elsewhere a plain line per step. */
export class ProgressLine {
  readonly #isTerminal = process.stderr.isTTY === true;
  #step = '';
  #bar: SingleBar | undefined;

  begin(step: string): void {
    this.clear();
    this.#step = step;
    if (!this.#isTerminal) process.stderr.write(`  ${step}\n`);
  }

  update(name: string, done: number, total: number): void {
    if (!this.#isTerminal || total === 0) return;
    const text = shownText(name, MAX_NAME);
    if (!this.#bar) {
      const format = `  ${this.#step.padEnd(8)} ${styleText('cyan', '{bar}')} {percentage} %  {file}`;
      this.#bar = new SingleBar(
        { format, clearOnComplete: true, hideCursor: true, barsize: 30 },
        Presets.shades_classic,
      );
      this.#bar.start(total, done, { file: text });
    }
    this.#bar.setTotal(total);
    this.#bar.update(done, { file: text });
  }

  clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
