import { crc32 } from 'node:zlib';

/** CRC-32 of bytes that come in pieces. Of the checksums that S3 keeps for whole objects, Node computes only this one natively. */
export class Checksum {
  #value = 0;

  update(bytes: Uint8Array): void {
    this.#value = crc32(bytes, this.#value);
  }

  /** As S3 writes it. */
  get base64(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes.toString('base64');
  }
}

export function checksumOf(bytes: Uint8Array): string {
  const checksum = new Checksum();
  checksum.update(bytes);
  return checksum.base64;
}
