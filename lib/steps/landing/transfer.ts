import { createHash, type Hash } from 'node:crypto';
import type { Promised } from '../../core/delivery/manifest.ts';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import { excerpt, shownText } from '../../core/shown-text.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import { ATTEMPTS, pause } from '../run/retry.ts';

interface ReceptionOptions {
  /** When it has to be done, and what comes then. */
  readonly until?: { readonly at: Date; readonly why: string } | undefined;
  /** Breaks in a row after which the transfer is given up. */
  readonly attempts?: number;
}

/**
 * The file's bytes, provided that the source says the same of it before and after and that many really came. A transfer that
 * breaks goes on where it broke. A server may ignore the offset, or have another file by now: so the last bytes are asked
 * for again, and must come again.
 */
export class Transfer {
  readonly #source: Source;
  readonly #expected: SourceFile & { readonly promised?: Promised };
  readonly #ports: Pick<Ports, 'say' | 'sleep' | 'now'>;
  readonly #received: (bytes: number) => void;
  readonly #until: ReceptionOptions['until'];
  readonly #attempts: number;
  /** Breaks in a row that brought next to nothing. */
  #breaks = 0;
  #resumes = true;

  constructor(
    source: Source,
    expected: SourceFile & { readonly promised?: Promised },
    ports: Pick<Ports, 'say' | 'sleep' | 'now'>,
    received: (bytes: number) => void,
    { until, attempts = ATTEMPTS }: ReceptionOptions = {},
  ) {
    this.#source = source;
    this.#expected = expected;
    this.#ports = ports;
    this.#received = received;
    this.#until = until;
    this.#attempts = attempts;
  }

  /** Whether the way to the vendor broke so often that another transfer from the start would not help either. */
  get isGivenUp(): boolean {
    return this.#breaks >= this.#attempts;
  }

  async *bytes(): AsyncGenerator<Buffer> {
    const { name, size } = this.#expected;
    await this.#check('before the transfer');
    const tail = new Tail();
    const sums = new Sums(this.#expected.promised ?? {});
    let isPieced = false;
    for (let received = 0; ; ) {
      const start = received;
      let failure: NightfeedError | undefined;
      try {
        for await (const chunk of this.#read(tail, start)) {
          received += chunk.length;
          if (received > size) await this.#refuseMore(received);
          this.#checkTime(received);
          tail.push(chunk);
          sums.push(chunk);
          this.#received(received);
          yield chunk;
        }
        if (received < size) failure = this.#short(received);
      } catch (thrown) {
        failure = asNightfeedError(thrown);
      }
      if (!failure) break;
      isPieced = true;
      await this.#recover(failure, received - start);
      this.#ports.say(`${failure.name}: ${failure.message}; going on with ${excerpt(name)} at byte ${received}`);
      await this.#check('during the transfer');
    }
    await this.#check('after the transfer');
    const fault = sums.fault();
    if (fault === undefined) return;
    // The vendor may be right about the file, and the pieces be of two.
    const told = `${excerpt(name)}${isPieced ? ', received in pieces,' : ''} ${fault}`;
    throw new NightfeedError(isPieced ? 'SOURCE_CHANGED' : 'MANIFEST_MISMATCH', told);
  }

  /** Waits when it makes sense to go on; else throws the failure. */
  async #recover(failure: NightfeedError, brought: number): Promise<void> {
    // A server that only drips is left, but a good line may be slow for a minute.
    const isPause = failure.name === 'SOURCE_SLOW' && brought >= PROGRESS_BYTES && !this.#isOver;
    if (failure.name !== 'SOURCE_UNREACHABLE' && failure.name !== 'SOURCE_SHORT' && !isPause) throw failure;
    this.#breaks = brought >= PROGRESS_BYTES ? 1 : this.#breaks + 1;
    if (this.isGivenUp || !this.#resumes) throw failure;
    await this.#ports.sleep(pause(this.#breaks));
  }

  async *#read(tail: Tail, received: number): AsyncGenerator<Buffer> {
    const { name } = this.#expected;
    let overlap = tail.bytes();
    const from = received - overlap.length;
    for await (const chunk of this.#source.read(name, from) as AsyncIterable<Buffer>) {
      const known = Math.min(overlap.length, chunk.length);
      if (!chunk.subarray(0, known).equals(overlap.subarray(0, known))) {
        this.#resumes = false;
        throw new NightfeedError('SOURCE_SHORT', `asked for byte ${from} of ${excerpt(name)}, the server sent others`);
      }
      overlap = overlap.subarray(known);
      if (known < chunk.length) yield chunk.subarray(known);
    }
  }

  async #check(when: string): Promise<void> {
    const found = await this.#source.stat(this.#expected.name);
    if (differs(found, this.#expected)) throw this.#changed(found, when);
  }

  /** A file that grew, or a server that sends something else than it says, such as other line ends. */
  async #refuseMore(received: number): Promise<never> {
    await this.#check('during the transfer');
    const { name, size } = this.#expected;
    const message = `${excerpt(name)}: the server announced ${size} bytes and sent ${received} or more`;
    throw new NightfeedError('SOURCE_LONG', message);
  }

  /** A transfer that goes on into the next night would only make that one wait. */
  #checkTime(received: number): void {
    if (!this.#isOver) return;
    const { name, size } = this.#expected;
    const message = `${excerpt(name)}: ${received} of ${size} bytes came until ${this.#until!.at.toISOString()}, ${this.#until!.why}`;
    throw new NightfeedError('SOURCE_SLOW', message);
  }

  get #isOver(): boolean {
    return this.#until !== undefined && this.#ports.now() >= this.#until.at;
  }

  #short(received: number): NightfeedError {
    const { name, size } = this.#expected;
    const message = `${excerpt(name)}: the server announced ${size} bytes and sent ${received}`;
    return new NightfeedError('SOURCE_SHORT', message);
  }

  #changed(found: SourceFile, when: string): NightfeedError {
    const { name } = this.#expected;
    const told = ({ size, modified, version }: SourceFile) =>
      `${size} bytes (${[modified ?? 'no time', ...(version === undefined ? [] : [shownText(version, MAX_VERSION)])].join(', ')})`;
    return new NightfeedError(
      'SOURCE_CHANGED',
      `${excerpt(name)} changed ${when}: listed with ${told(this.#expected)}, found with ${told(found)}`,
    );
  }
}

/** Of a version in a message; S3's have 32 to 38 characters. */
const MAX_VERSION = 80;

/** A line that breaks so often still gets the file across; one that only connects and breaks does not hold up the night. */
const PROGRESS_BYTES = 8_000_000;

/** Enough to tell the place in any file but one that repeats itself, and those are no dumps. */
const OVERLAP_BYTES = 64 * 1024;

/** The last bytes of a stream, without copying what passes. */
class Tail {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length - this.#chunks[0]!.length >= OVERLAP_BYTES) this.#length -= this.#chunks.shift()!.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-OVERLAP_BYTES);
  }
}

/** The checksums that a manifest promises. */
class Sums {
  readonly #sums: { readonly name: string; readonly promised: string; readonly hash: Hash }[];

  constructor({ md5, sha256 }: Promised) {
    const promises = Object.entries({ md5, sha256 }).filter(([, promised]) => promised !== undefined);
    this.#sums = promises.map(([name, promised]) => ({ name, promised: promised!, hash: createHash(name) }));
  }

  push(chunk: Buffer): void {
    for (const { hash } of this.#sums) hash.update(chunk);
  }

  fault(): string | undefined {
    for (const { name, promised, hash } of this.#sums) {
      const found = hash.digest('hex');
      if (found !== promised) return `has the ${name} ${found}; the manifest says ${promised}`;
    }
    return undefined;
  }
}

function differs(a: SourceFile, b: SourceFile): boolean {
  // Listings without seconds disagree with MDTM about the same file.
  const minute = (file: SourceFile) => file.modified?.slice(0, 16);
  const isOther = a.version !== undefined && b.version !== undefined && a.version !== b.version;
  return isOther || a.size !== b.size || (a.modified !== null && b.modified !== null && minute(a) !== minute(b));
}
