import type { Decoder } from '../text/encodings/decoder.ts';
import { decoderOf } from '../text/encodings/decoder-of.ts';
import type { EncodingName } from '../text/encodings/names.ts';
import { foundUtf8 } from '../text/transcode.ts';
import type { Transform } from '../text/transform.ts';
import { Utf8Watch } from '../text/utf8-watch.ts';

/** Encodings in which some characters have several bytes and ASCII means itself: places counted in bytes are cut before they are decoded. */
const multiByte: ReadonlySet<string> = new Set<EncodingName>([
  'shift_jis',
  'windows-31j',
  'euc-jp',
  'gb2312',
  'gbk',
  'gb18030',
  'big5',
  'windows-950',
  'euc-kr',
  'uhc',
]);

/** Whether places in bytes need a decoder of their own. */
export function isCutBeforeDecoding({ unit, encoding }: { readonly unit: string; readonly encoding: string }): boolean {
  return unit === 'bytes' && multiByte.has(encoding);
}

/** Whether a character of ASCII has more than one byte, or a byte means different things at different places. */
export function isUncountable(encoding: string): boolean {
  return /^utf-(16|32)|^iso-2022-/.test(encoding);
}

/** Decodes one field after the other. */
export class FieldDecoder {
  readonly #encoding: Exclude<EncodingName, 'utf-8'>;
  #decoder: Decoder;

  constructor(encoding: EncodingName) {
    this.#encoding = encoding as Exclude<EncodingName, 'utf-8'>;
    this.#decoder = decoderOf(this.#encoding);
  }

  /** The bytes as UTF-8; undefined where they end within a character. */
  decode(bytes: Buffer): Buffer | undefined {
    const text = this.#decoder.decode(bytes);
    try {
      this.#decoder.finish();
      return text;
    } catch {
      // What it holds back would come before the next field.
      this.#decoder = decoderOf(this.#encoding);
      return undefined;
    }
  }
}

/** Passes bytes that are decoded later. Throws ENCODING where the file is UTF-8 instead. */
export class DecodedLater implements Transform {
  readonly #encoding: EncodingName;
  readonly #watch: Utf8Watch | undefined;

  constructor({ encoding, allow_valid_utf8 }: { encoding: EncodingName; allow_valid_utf8?: boolean | undefined }) {
    this.#encoding = encoding;
    this.#watch = allow_valid_utf8 === true ? undefined : new Utf8Watch();
  }

  get notes(): readonly string[] {
    return this.#watch?.notes ?? [];
  }

  push(chunk: Buffer): Buffer {
    this.#watch?.push(chunk);
    return chunk;
  }

  finish(): Buffer {
    if (this.#watch?.isUtf8) throw foundUtf8(this.#watch, this.#encoding);
    return Buffer.alloc(0);
  }
}
