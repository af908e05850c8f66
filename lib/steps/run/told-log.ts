import { type RunId, runName } from '../../core/run/keys.ts';
import type { LogLevel } from '../../core/run/log-level.ts';
import { boundedLine, type LogFields, type LogLine } from '../../core/run/log-line.ts';
import { decoded, withoutSecrets } from '../../core/without-secrets.ts';
import type { RunLog } from '../../ports/run-log.ts';

/** Where lines go. */
export interface LogPlace {
  add(line: LogLine): void;
  keep(run: RunId, attempt: number): Promise<void>;
}

/** Makes lines of what one process tells: each with its run, step and host, and without the secrets that the process has read. */
export class ToldLog implements RunLog {
  readonly #place: LogPlace;
  readonly #host: string;
  readonly #now: () => Date;
  readonly #secrets = new Set<string>();
  #open: { readonly run: RunId; readonly attempt: number } | undefined;
  #step: string | null = null;

  constructor(place: LogPlace, { host, now }: { readonly host: string; readonly now: () => Date }) {
    this.#place = place;
    this.#host = host;
    this.#now = now;
  }

  /** No line says this value, nor the parts of an address. */
  hide(secret: string): void {
    this.#secrets.add(secret);
  }

  /** Of an address: its other parts are names that people know. */
  hidePassword({ password }: URL): void {
    for (const text of [password, decoded(password)]) this.hide(text);
  }

  opens(run: RunId, attempt: number): void {
    this.#open = { run, attempt };
  }

  enters(step: string | undefined): void {
    this.#step = step ?? null;
  }

  tell(level: LogLevel, message: string, fields: LogFields = {}): void {
    const hidden = (text: string) => withoutSecrets(text, [...this.#secrets]);
    const shown = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? hidden(value) : value,
    ]);
    this.#place.add(
      boundedLine({
        time: this.#now().toISOString(),
        level,
        feed: this.#open?.run.feed ?? null,
        run: this.#open ? runName(this.#open.run) : null,
        step: this.#step,
        attempt: this.#open?.attempt ?? null,
        host: this.#host,
        message: hidden(message),
        fields: Object.fromEntries(shown),
      }),
    );
  }

  async keep(): Promise<void> {
    if (this.#open) await this.#place.keep(this.#open.run, this.#open.attempt);
  }
}
