/** First bytes of other formats. Each holds a control character or is too long to be text by chance. */
const magics: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['a ZIP archive or an Office file', Buffer.from('PK\x03\x04', 'latin1')],
  ['an empty ZIP archive', Buffer.from('PK\x05\x06', 'latin1')],
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['xz', Buffer.from('\xfd7zXZ\0', 'latin1')],
  ['Parquet', Buffer.from('PAR1\x15', 'latin1')],
  ['a 7z archive', Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')],
  ['a RAR archive', Buffer.from('Rar!\x1a\x07', 'latin1')],
  ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18])],
  ['a file of compress (.Z)', Buffer.from([0x1f, 0x9d])],
  ['Avro', Buffer.from('Obj\x01', 'latin1')],
  ['a database of SQLite', Buffer.from('SQLite for', 'latin1')],
  ['a message of PGP', Buffer.from('-----BEGIN', 'latin1')],
  ['a PDF document', Buffer.from('%PDF-', 'latin1')],
  ['an old Office file', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
];

/** Number of first bytes that `otherFormat` needs to see. */
export const MAGIC_BYTES = 10;

/** The format that the bytes have instead of text, if it is known. */
export function otherFormat(bytes: Buffer): string | undefined {
  if (/^BZh[1-9]1AY&SY/.test(bytes.toString('latin1', 0, MAGIC_BYTES))) return 'bzip2';
  return magics.find(([, magic]) => bytes.subarray(0, magic.length).equals(magic))?.[0];
}
