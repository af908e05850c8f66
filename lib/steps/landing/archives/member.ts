/** A file in an archive, as its taker sees it. What is not read of it, the archive reads and checks itself. */
export type ArchivedFile = Pick<Member<unknown>, 'name' | 'bytes'>;

/** A file or folder in an archive. `Facts`: what is known when all its bytes were read. */
export class Member<Facts> {
  readonly name: string;
  readonly #content: AsyncGenerator<Buffer, Facts>;
  #facts: { readonly known: Facts } | undefined;

  constructor(name: string, content: AsyncGenerator<Buffer, Facts>) {
    this.name = name;
    this.#content = content;
  }

  /** Can be read once. Of a small one, nothing is given out before all of it is checked. */
  async *bytes(): AsyncGenerator<Buffer> {
    const held: Buffer[] = [];
    let heldBytes = 0;
    for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next()) {
      heldBytes += chunk.length;
      held.push(chunk);
      if (heldBytes > HELD_BYTES) yield* held.splice(0);
    }
    yield* held;
  }

  /** Reads what nobody took, because the next member lies behind it. */
  async end(): Promise<Facts> {
    while (this.#facts === undefined) if ((await this.#next()) === undefined) break;
    if (this.#facts === undefined) throw new Error(`${this.name} was given up`);
    return this.#facts.known;
  }

  close(): Promise<unknown> {
    return this.#content.return(undefined as Facts);
  }

  async #next(): Promise<Buffer | undefined> {
    if (this.#facts !== undefined) return undefined;
    const { value, done } = await this.#content.next();
    if (!done) return value;
    if (value !== undefined) this.#facts = { known: value };
    return undefined;
  }
}

const HELD_BYTES = 1_000_000;
