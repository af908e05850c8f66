import type { Promised } from '../../core/delivery/manifest.ts';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import { Tail } from '../../core/records/tail.ts';
import { excerpt, shownText } from '../../core/shown-text.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import { ATTEMPTS, pause } from '../run/retry.ts';
import { PromisedSums } from './promised-sums.ts';

interface ReceptionOptions {
  /** When the transfer has to be done, and what starts then. */
  readonly until?: { readonly at: Date; readonly why: string } | undefined;
  /** So many breaks in a row end the transfer. */
  readonly attempts?: number;
}

/**
 * The bytes of a file. The source has to report the same size and time before and after, and as many bytes have to come. A transfer that
 * breaks continues where it broke. Because a server may ignore the offset, or have another file by then, the last bytes are requested again
 * and have to be the same.
 */
export class Transfer {
  readonly #source: Source;
  readonly #expected: SourceFile & { readonly promised?: Promised };
  readonly #ports: Pick<Ports, 'say' | 'sleep' | 'now'>;
  readonly #received: (bytes: number) => void;
  readonly #until: ReceptionOptions['until'];
  readonly #attempts: number;
  /** Breaks in a row with hardly any bytes between them. */
  #breaks = 0;
  #resumes = true;
  /** How often all bytes came without the source's word that they are all. */
  #unconfirmed = 0;
  #isUnconfirmed = false;

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

  /** Whether the connection broke so often that a new transfer from the start would not help either. */
  get isGivenUp(): boolean {
    return this.#breaks >= this.#attempts;
  }

  /** What is to be remembered of the transfer when the file has landed. */
  get notes(): string[] {
    return this.#isUnconfirmed ? [UNCONFIRMED] : [];
  }

  async *bytes(): AsyncGenerator<Buffer> {
    const { name, size } = this.#expected;
    const before = await this.#check('before the transfer');
    this.#isUnconfirmed = false;
    const tail = new Tail(OVERLAP_BYTES);
    const sums = new PromisedSums(this.#expected.promised ?? {});
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
      if (!failure || (received === size && (await this.#isProven(before, failure)))) break;
      isPieced = true;
      await this.#recover(failure, received - start);
      this.#ports.say(`${failure.name}: ${failure.message}; going on with ${excerpt(name)} at byte ${received}`);
      await this.#check('during the transfer');
    }
    await this.#check('after the transfer');
    const fault = sums.fault();
    if (fault === undefined) return;
    // The checksum may be right, and the bytes may come from two versions of the file.
    const told = `${excerpt(name)}${isPieced ? ', received in pieces,' : ''} ${fault}`;
    throw new NightfeedError(isPieced ? 'SOURCE_CHANGED' : 'MANIFEST_MISMATCH', told);
  }

  /**
   * Whether a second look proves a file whole whose end the source never confirms. The first time the transfer is tried again, unless it
   * may be tried only once.
   */
  async #isProven(before: SourceFile, failure: NightfeedError): Promise<boolean> {
    if (failure.name !== 'SOURCE_UNCONFIRMED') return false;
    this.#unconfirmed += 1;
    if (this.#unconfirmed < Math.min(TRIES_OF_END, this.#attempts)) return false;
    const after = await this.#check('after the transfer');
    if (before.modified === null || before.modified !== after.modified) return false;
    this.#isUnconfirmed = true;
    this.#ports.say(`${failure.name}: ${failure.message}; ${excerpt(this.#expected.name)} is taken: ${UNCONFIRMED}`);
    return true;
  }

  /** Waits before the next try, or throws the failure when another try makes no sense. */
  async #recover(failure: NightfeedError, brought: number): Promise<void> {
    // A server that is always too slow is given up, but a good connection may be slow for a minute.
    const isPause = failure.name === 'SOURCE_SLOW' && brought >= PROGRESS_BYTES && !this.#isOver;
    const isBreak = ['SOURCE_UNREACHABLE', 'SOURCE_UNCONFIRMED', 'SOURCE_SHORT'].includes(failure.name);
    if (!isBreak && !isPause) throw failure;
    this.#breaks = brought >= PROGRESS_BYTES ? 1 : this.#breaks + 1;
    if (this.isGivenUp || !this.#resumes) throw failure;
    await this.#ports.sleep(pause(this.#breaks));
  }

  async *#read(tail: Tail, received: number): AsyncGenerator<Buffer> {
    const { name } = this.#expected;
    let overlap = tail.bytes();
    const from = received - overlap.length;
    try {
      for await (const chunk of this.#source.read(name, from) as AsyncIterable<Buffer>) {
        const known = Math.min(overlap.length, chunk.length);
        if (!chunk.subarray(0, known).equals(overlap.subarray(0, known))) {
          this.#resumes = false;
          throw new NightfeedError(
            'SOURCE_SHORT',
            `asked for byte ${from} of ${excerpt(name)}, the server sent others`,
          );
        }
        overlap = overlap.subarray(known);
        if (known < chunk.length) yield chunk.subarray(known);
      }
    } catch (thrown) {
      const failure = asNightfeedError(thrown);
      if (failure.name !== 'SOURCE_UNCONFIRMED' || overlap.length === 0) throw failure;
      throw new NightfeedError('SOURCE_UNREACHABLE', failure.message);
    }
  }

  async #check(when: string): Promise<SourceFile> {
    const found = await this.#source.stat(this.#expected.name);
    if (differs(found, this.#expected)) throw this.#changed(found, when);
    return found;
  }

  /** The file has grown, or the server sends something else than it lists, such as other line ends. */
  async #refuseMore(received: number): Promise<never> {
    await this.#check('during the transfer');
    const { name, size } = this.#expected;
    const message = `${excerpt(name)}: the server announced ${size} bytes and sent ${received} or more`;
    throw new NightfeedError('SOURCE_LONG', message);
  }

  /** Ends a transfer that would last into the next night, because the next night would have to wait for it. */
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

/** So many last bytes are requested again. They identify the place in any file that does not repeat itself, as dumps do not. */
const OVERLAP_BYTES = 64 * 1024;

/** So often all bytes have to come, the last of them again, before a second look counts instead of the source's word. */
const TRIES_OF_END = 2;

const UNCONFIRMED = 'the server never confirmed its end; its size and time were the same before and after';

/** Characters of a version in a message; those of S3 have 32 to 38. */
const MAX_VERSION = 80;

/** A break counts only if fewer bytes came before it. So a bad connection still transfers the file, and one that only connects and breaks ends soon. */
const PROGRESS_BYTES = 8_000_000;

function differs(a: SourceFile, b: SourceFile): boolean {
  // A listing may have no seconds where MDTM has them, for the same file.
  const minute = (file: SourceFile) => file.modified?.slice(0, 16);
  const isOther = a.version !== undefined && b.version !== undefined && a.version !== b.version;
  return isOther || a.size !== b.size || (a.modified !== null && b.modified !== null && minute(a) !== minute(b));
}
