/** The CRC-32 of bzip2, which reads each byte from its highest bit. */
export class Bzip2Checksum {
  #crc = -1;

  push(bytes: Uint8Array): void {
    let crc = this.#crc;
    for (let at = 0; at < bytes.length; at += 1) crc = (crc << 8) ^ table[(crc >>> 24) ^ bytes[at]!]!;
    this.#crc = crc;
  }

  get value(): number {
    return ~this.#crc >>> 0;
  }
}

const POLYNOMIAL = 0x04c11db7;

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});
