const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAGIC_AND_DESCRIPTOR = 5;
const BLOCK_HEADER = 3;
const CHECKSUM = 4;
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const RLE_BLOCK = 1;

/**
 * Finds where a zstd frame ends (RFC 8878). Node's decompressor stops after the first frame and ignores what follows, so a
 * file of several frames, as parallel compressors write it, would silently lose its rest.
 */
export class ZstdFrame {
  ended = false;
  isHeaderRead = false;
  /** Whether a checksum proves its content. A skippable frame has nothing to prove. */
  hasChecksum = false;
  #collected: number[] = [];
  #wanted = MAGIC_AND_DESCRIPTOR;
  #skip = 0;
  #then: 'header' | 'blocks' | 'checksum' | 'end' = 'header';

  /** How many bytes of the chunk belong to this frame. Bytes that are not a frame are all taken, because the decompressor refuses them. */
  take(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && !this.ended) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at);
        this.#skip -= skipped;
        at += skipped;
      } else {
        this.#collected.push(chunk[at]!);
        at += 1;
      }
      if (this.#skip === 0) this.#advance();
    }
    return at;
  }

  #advance(): void {
    if (this.#then === 'end') this.ended = true;
    else if (this.#then === 'checksum') this.#finish();
    else if (this.#collected.length < this.#wanted) return;
    else if (this.#then === 'header') this.#readHeader();
    else this.#readBlock();
  }

  #readHeader(): void {
    const bytes = Buffer.from(this.#collected);
    const magic = bytes.readUInt32LE(0);
    if (magic >>> 4 === SKIPPABLE_MAGIC >>> 4) {
      this.#wanted = 8;
      if (bytes.length < this.#wanted) return;
      this.#skip = bytes.readUInt32LE(4);
      this.#then = 'end';
      this.hasChecksum = true;
      if (this.#skip === 0) this.ended = true;
      return;
    }
    if (magic !== MAGIC) {
      this.#skip = Number.POSITIVE_INFINITY;
      return;
    }
    const descriptor = bytes[4]!;
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const contentSize = CONTENT_SIZE_BYTES[(descriptor >> 6) as 0 | 1 | 2 | 3] || (isSingleSegment ? 1 : 0);
    this.hasChecksum = (descriptor & 0x04) !== 0;
    this.isHeaderRead = true;
    this.#skip = (isSingleSegment ? 0 : 1) + DICTIONARY_BYTES[(descriptor & 0x03) as 0 | 1 | 2 | 3] + contentSize;
    this.#expectBlock();
  }

  #readBlock(): void {
    const header = Buffer.from(this.#collected).readUIntLE(0, BLOCK_HEADER);
    const type = (header >> 1) & 0x03;
    this.#skip = type === RLE_BLOCK ? 1 : header >> 3;
    this.#expectBlock();
    if ((header & 1) === 0) return;
    this.#then = 'checksum';
    if (this.#skip === 0) this.#finish();
  }

  #expectBlock(): void {
    this.#collected = [];
    this.#wanted = BLOCK_HEADER;
    this.#then = 'blocks';
  }

  #finish(): void {
    if (!this.hasChecksum) {
      this.ended = true;
      return;
    }
    this.#skip = CHECKSUM;
    this.#then = 'end';
  }
}
