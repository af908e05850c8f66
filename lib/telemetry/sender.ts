import ky, { HTTPError } from 'ky';

/** What is to be sent where. */
export interface Letter {
  /** Whose it is, for messages: the address may have a secret in it. */
  readonly to: string;
  readonly url: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

/** Sends in the background. What cannot be sent is told once for each receiver, and lost: the ledger has the numbers. */
export class Sender {
  readonly #say: (text: string) => void;
  readonly #told = new Set<string>();
  readonly #end = new AbortController();
  /** By receiver, so that it gets them in order. */
  readonly #sending = new Map<string, Promise<void>>();

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  send(letter: Letter): void {
    const before = this.#sending.get(letter.to) ?? Promise.resolve();
    this.#sending.set(
      letter.to,
      before.then(() => this.#post(letter)),
    );
  }

  /** Waits for what is on its way, so many milliseconds at most, and gives up the rest: a receiver that hangs keeps nobody. */
  async flush(milliseconds: number): Promise<void> {
    const timer = setTimeout(() => this.#end.abort(), milliseconds);
    await Promise.all(this.#sending.values());
    clearTimeout(timer);
  }

  async #post({ to, url, body, headers, milliseconds }: Letter): Promise<void> {
    try {
      // Another host would get what is sent, and the key with it.
      await ky.post(url, {
        body,
        headers,
        timeout: milliseconds,
        retry: 0,
        redirect: 'error',
        signal: this.#end.signal,
      });
    } catch (thrown) {
      if (this.#told.has(to)) return;
      this.#told.add(to);
      this.#say(`${to} was not told of this night: ${reasonOf(thrown)}. The night itself goes on`);
    }
  }
}

/** Without the address. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof HTTPError) return `it answered ${thrown.response.status}`;
  const { name, cause } = thrown as Error;
  if (['AbortError', 'TimeoutError'].includes(name)) return 'no answer in time';
  return (cause as { readonly code?: string } | undefined)?.code ?? name;
}
