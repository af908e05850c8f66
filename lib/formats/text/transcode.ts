import { MAGIC_BYTES } from '../../core/archives/magic.ts';
import { NightfeedError } from '../../core/errors.ts';
import { Tail } from '../../core/records/tail.ts';
import type { Encoded } from '../../ports/file-format.ts';
import type { TextFormat } from './encoding-options.ts';
import type { Decoder } from './encodings/decoder.ts';
import { decoderOf } from './encodings/decoder-of.ts';
import type { EncodingName } from './encodings/names.ts';
import { isTurnedBack } from './encodings/turned-back.ts';
import { refuseBinary, refuseOtherMarks } from './other-formats.ts';
import type { SentText } from './sent-text.ts';
import type { Transform } from './transform.ts';
import { Utf8Watch } from './utf8-watch.ts';

/** What converts the declared encoding to UTF-8; of UTF-8, `sent` alone. It sees what becomes what. */
export function transcoding(format: TextFormat, sent?: SentText): Transform | undefined {
  return format.encoding === 'utf-8' ? sent : new Transcoding(format, sent);
}

/** Converts the declared encoding, another than UTF-8, to UTF-8. Throws BAD_MAGIC and ENCODING. */
export class Transcoding implements Transform {
  readonly #decoder: Decoder;
  readonly #format: TextFormat;
  readonly #sent: SentText | undefined;
  readonly #watch: Utf8Watch | undefined;
  readonly #tail = new Tail(KEPT_BYTES);
  #length = 0;
  /** The first bytes, until there are enough to tell the encoding. */
  #start: Buffer | undefined = Buffer.alloc(0);

  constructor(format: TextFormat, sent?: SentText) {
    this.#decoder = decoderOf(format.encoding as Exclude<EncodingName, 'utf-8'>);
    this.#sent = sent;
    this.#format = format;
    const isUnicode = format.encoding.startsWith('utf-');
    this.#watch = isUnicode || format.allow_valid_utf8 === true ? undefined : new Utf8Watch();
  }

  get notes(): readonly string[] {
    return [...this.#decoder.notes, ...(this.#watch?.notes ?? [])];
  }

  /** After the last byte; undefined where the text does not tell the bytes. */
  get encoded(): Encoded | undefined {
    const { encoding } = this.#format;
    if (!isTurnedBack(encoding)) return undefined;
    return { encoding, length: this.#length, last: (count) => this.#tail.last(count) };
  }

  push(chunk: Buffer): Buffer {
    if (this.#start === undefined) return this.#decode(chunk);
    this.#start = Buffer.concat([this.#start, chunk]);
    return this.#start.length < MAGIC_BYTES ? Buffer.alloc(0) : this.#begin();
  }

  finish(): Buffer {
    const rest = this.#begin();
    this.#decoder.finish();
    if (this.#watch?.isUtf8) throw foundUtf8(this.#watch, this.#format.encoding);
    return rest;
  }

  #begin(): Buffer {
    const start = this.#start;
    this.#start = undefined;
    if (start === undefined || start.length === 0) return Buffer.alloc(0);
    refuseBinary(start, this.#format);
    refuseOtherMarks(start, this.#format.encoding);
    this.#decoder.begin?.(start);
    this.#sent?.begin(start);
    return this.#decode(start);
  }

  #decode(bytes: Buffer): Buffer {
    this.#watch?.push(bytes);
    const text = this.#decoder.decode(bytes);
    this.#sent?.see(bytes, text);
    this.#tail.push(text);
    this.#length += text.length;
    return text;
  }
}

/** The file is UTF-8, and this encoding is declared. */
export function foundUtf8({ characters, others }: Utf8Watch, encoding: string): NightfeedError {
  const found =
    others === 0
      ? 'the file is valid UTF-8 with characters beyond ASCII'
      : `the file is UTF-8: ${characters} character(s) beyond ASCII are valid UTF-8, and only ${others} byte(s) belong to none`;
  return new NightfeedError('ENCODING', `${found}; expected ${encoding}`, {
    hint: `Production is untouched. Set \`format.encoding: utf-8\`${others === 0 ? '' : ', which rejects the records with other bytes'}; if it is ${encoding} for all that, \`format.allow_valid_utf8: true\` reads it so.`,
  });
}

/** What stands behind the records is a few lines. */
const KEPT_BYTES = 1_000_000;
