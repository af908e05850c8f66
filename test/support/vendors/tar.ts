export interface TarEntry {
  readonly name: string;
  readonly bytes?: string | Uint8Array;
  /** Type flag; `0`, a file, unless told. */
  readonly flag?: string;
  /** Size as announced. */
  readonly size?: number;
  /** The size as a binary number, as GNU tar writes that of 8 GB and more. */
  readonly binarySize?: boolean;
  readonly link?: string;
  readonly magic?: string;
  readonly prefix?: string;
  /** What stands between the file and the next block. */
  readonly padding?: string;
}

/** A tar archive after POSIX, with whatever should not be in one. `end`: blocks of zeros behind it. */
export function tar(entries: readonly TarEntry[], { end = 2 } = {}): Buffer {
  return Buffer.concat([...entries.map(entryOf), Buffer.alloc(BLOCK * end)]);
}

/** Facts of the entry behind them, as POSIX has them: lines of `length key=value`. */
export function facts(lines: Readonly<Record<string, string>>, flag: 'x' | 'g' = 'x'): TarEntry {
  return { name: 'PaxHeaders/x', flag, bytes: Object.entries(lines).map(factLine).join('') };
}

/** The long name of the entry behind it, as GNU tar writes it. */
export const longName = (name: string): TarEntry => ({ name: '././@LongLink', flag: 'L', bytes: `${name}\0` });

const BLOCK = 512;

function factLine([key, value]: [string, string]): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  const length = [1, 2, 3, 4].map((digits) => rest + digits).find((sum) => sum - rest === String(sum).length)!;
  return `${length} ${key}=${value}\n`;
}

function entryOf(entry: TarEntry): Buffer {
  const bytes = Buffer.from(entry.bytes ?? '');
  const padding = Buffer.alloc(-bytes.length & (BLOCK - 1));
  padding.write(entry.padding ?? '', 'latin1');
  return Buffer.concat([headerOf(entry, entry.size ?? bytes.length), bytes, padding]);
}

function headerOf(entry: TarEntry, size: number): Buffer {
  const { name, flag = '0', link = '', magic = 'ustar\x0000', prefix = '', binarySize } = entry;
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  if (binarySize) {
    header.fill(0, 124, 136);
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(size), 128);
  }
  header.write('15000000000\0', 136);
  header.write(' '.repeat(8), 148);
  header.write(flag, 156);
  header.write(link, 157, 100);
  header.write(magic, 257, 'latin1');
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
