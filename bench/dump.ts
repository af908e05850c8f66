import { closeSync, openSync, writeSync } from 'node:fs';

/** How tonight's dump differs from yesterday's. Shares are of the rows. */
export interface Shape {
  readonly rows: number;
  readonly changed: number;
  readonly inserted: number;
  readonly gone: number;
  /** `none`: by id. `local`: within a hundred rows. `all`: everywhere. Only tonight's dump is shuffled. */
  readonly shuffled: 'none' | 'local' | 'all';
  /** Rows inserted at the top, and rows gone in one block in the middle. */
  readonly top: number;
  readonly block: number;
}

export const header = 'id,sku,name,category,price,stock,updated_at';

const HASH = 2654435761;
const share = (id: number, salt: number) => (Math.imul(id + salt, HASH) >>> 0) / 2 ** 32;

/** Writes one side's dump: about 90 bytes a row, ascending ids unless shuffled. */
export function writeDump(path: string, shape: Shape, side: 'base' | 'next'): void {
  const file = openSync(path, 'w');
  const chunk = Buffer.allocUnsafe(4 << 20);
  let filled = chunk.write(`${header}\n`);
  for (const id of ids(shape, side)) {
    filled += chunk.write(row(id, side === 'next' && share(id, 1) < shape.changed), filled, 'latin1');
    if (filled < chunk.length - 256) continue;
    writeSync(file, chunk, 0, filled);
    filled = 0;
  }
  writeSync(file, chunk, 0, filled);
  closeSync(file);
}

const categories = ['garden', 'kitchen', 'office', 'travel', 'winter sports', 'books', 'toys', 'lighting'];

function row(id: number, isChanged: boolean): string {
  const price = ((id * 37) % 99_991) / 100 + (isChanged ? 1 : 0);
  const day = String((id % 28) + 1).padStart(2, '0');
  const when = `2026-${isChanged ? '11' : '10'}-${day} 0${id % 10}:${10 + (id % 50)}:${10 + (id % 49)}`;
  return `${id},SKU-${(id * 7919) % 1_000_003},product of the house ${id % 9973},${categories[id & 7]},${price.toFixed(2)},${id % 1000},${when}\n`;
}

function* ids({ rows, inserted, gone, shuffled, top, block }: Shape, side: 'base' | 'next'): Generator<number> {
  const first = 10_000_000_000;
  const isNext = side === 'next';
  if (isNext) for (let index = 0; index < top; index += 1) yield first - top + index;
  const reach = shuffled === 'all' ? rows : shuffled === 'local' ? 100 : 1;
  const blockStart = Math.floor(rows / 2);
  for (let index = 0; index < rows; index += 1) {
    const place = isNext && reach > 1 ? shuffledPlace(index, reach, rows) : index;
    // Inserted ids take the odd numbers between.
    const id = first + place * 2;
    if (isNext && (share(id, 2) < gone || (place >= blockStart && place < blockStart + block))) continue;
    yield id;
    if (isNext && share(id, 3) < inserted) yield id + 1;
  }
}

/** A permutation within blocks of `reach`: multiplies by a number that is prime to the block's size. */
function shuffledPlace(index: number, reach: number, rows: number): number {
  const start = index - (index % reach);
  const size = Math.min(reach, rows - start);
  let factor = Math.floor(size * 0.618) | 1;
  while (gcd(factor, size) !== 1) factor += 2;
  return start + Number((BigInt(index - start) * BigInt(factor)) % BigInt(size));
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
