/** Reads text in one encoding, as it comes. */
export interface Decoder {
  readonly notes: readonly string[];
  /** The file's first bytes, before they are decoded. Throws ENCODING where they show another encoding. */
  begin?(start: Buffer): void;
  /** The same as UTF-8. Bytes that the encoding does not have stay bytes that no UTF-8 has, so that the scan rejects their record. */
  decode(bytes: Buffer): Buffer;
  /** Throws ENCODING where the file ends within a character. */
  finish(): void;
}
