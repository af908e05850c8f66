import { RecordWriter } from '../text/record-writer.ts';
import { decodeString } from './decode-string.ts';
import type { StringUse } from './json-strings.ts';
import { ESCAPED, type ObjectReader, WRITTEN } from './object-reader.ts';
import { QUOTE } from './tokens.ts';

/** Writes objects as `convertedText`. */
export class FieldText {
  /** The record written last has half of a surrogate pair, which no text of UTF-8 can have; U+FFFD stands for it. */
  hasLoneSurrogate = false;
  /** The record written last has a string of which nobody can tell whether it holds JSON. */
  hasUnclearString = false;
  readonly #uses: readonly (StringUse | undefined)[];
  readonly #writer = new RecordWriter();
  #decoded: Buffer = Buffer.alloc(0);
  /** Bytes that came, which are about as many as were written. */
  #taken = 0;

  /** `uses` says by field what a string is, where that is not its text. */
  constructor(uses: readonly (StringUse | undefined)[] = []) {
    this.#uses = uses;
  }

  get isFull(): boolean {
    return this.#taken >= CHUNK_BYTES;
  }

  /** What was written since the last call. */
  take(): Buffer {
    this.#taken = 0;
    return this.#writer.take();
  }

  /** The object that was read last out of these bytes; it has this length. */
  record(bytes: Buffer, { kinds, starts, ends }: ObjectReader, length: number): void {
    const writer = this.#writer;
    writer.reserve(length, kinds.length);
    this.hasLoneSurrogate = false;
    this.hasUnclearString = false;
    for (let slot = 0; slot < kinds.length; slot++) {
      const kind = kinds[slot]!;
      const use = this.#uses[slot];
      if (use && this.#isQuotedAs(use, bytes, kind, starts[slot]!, ends[slot]!))
        writer.field(bytes, starts[slot]! - 1, ends[slot]! + 1);
      else if (kind === WRITTEN) writer.field(bytes, starts[slot]!, ends[slot]!);
      else if (kind === ESCAPED) this.#escaped(bytes, starts[slot]!, ends[slot]!);
      else writer.null();
    }
    writer.endRecord();
    this.#taken += length;
  }

  /** Bytes that are no record that could be converted. */
  malformed(bytes: Buffer, from: number, to: number): void {
    this.#writer.reserve(to - from, 1);
    this.#writer.quoted(bytes, from, to);
    this.#writer.endRecord();
    this.#taken += to - from;
  }

  /** Whether the field is a string that is written with its quotes. */
  #isQuotedAs(use: StringUse, bytes: Buffer, kind: number, from: number, to: number): boolean {
    if (kind !== ESCAPED && !(kind === WRITTEN && bytes[from - 1] === QUOTE)) return false;
    const string = bytes.toString('utf8', from - 1, to + 1);
    const becomes = use(kind === ESCAPED ? (JSON.parse(string) as string) : string.slice(1, -1));
    if (becomes === 'fault') this.hasUnclearString = true;
    return becomes === 'value';
  }

  #escaped(bytes: Buffer, from: number, to: number): void {
    if (this.#decoded.length < to - from) this.#decoded = Buffer.allocUnsafeSlow(2 * (to - from));
    const { length, hasLoneSurrogate } = decodeString(bytes, from, to, this.#decoded);
    this.hasLoneSurrogate ||= hasLoneSurrogate;
    this.#writer.field(this.#decoded, 0, length);
  }
}

const CHUNK_BYTES = 256 << 10;
