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

/** What tonight's dump holds, against yesterday's. */
export interface Truth {
  /** Rows of yesterday. */
  readonly base: number;
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly gone: number;
}

const HEADER = 'id,sku,name,category,price,stock,updated_at';
const CHUNK_BYTES = 4 << 20;
const LONGEST_ROW_BYTES = 256;

/** Writes one side's dump: about 90 bytes a row, ascending ids unless shuffled. */
export function writeDump(path: string, shape: Shape, side: 'base' | 'next'): Truth {
  const file = openSync(path, 'w');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const truth = { base: shape.rows, rows: 0, inserted: 0, updated: 0, gone: shape.rows };
  let filled = chunk.write(`${HEADER}\n`);
  for (const id of ids(shape, side)) {
    const isOld = id >= FIRST_ID && id % 2 === 0;
    const isChanged = side === 'next' && isOld && chance(id, 'changed') < shape.changed;
    truth.rows += 1;
    if (isOld) truth.gone -= 1;
    else truth.inserted += 1;
    if (isChanged) truth.updated += 1;
    filled += chunk.write(row(id, isChanged), filled, 'latin1');
    if (filled < chunk.length - LONGEST_ROW_BYTES) continue;
    writeSync(file, chunk, 0, filled);
    filled = 0;
  }
  writeSync(file, chunk, 0, filled);
  closeSync(file);
  return truth;
}

const categories = ['garden', 'kitchen', 'office', 'travel', 'winter sports', 'books', 'toys', 'lighting'];

function row(id: number, isChanged: boolean): string {
  const price = ((id * 37) % 99_991) / 100 + (isChanged ? 1 : 0);
  const day = String((id % 28) + 1).padStart(2, '0');
  const when = `2026-${isChanged ? '11' : '10'}-${day} 0${id % 10}:${10 + (id % 50)}:${10 + (id % 49)}`;
  return `${id},SKU-${(id * 7919) % 1_000_003},product of the house ${id % 9973},${categories[id & 7]},${price.toFixed(2)},${id % 1000},${when}\n`;
}

/** Yesterday's ids are the even numbers from here; those inserted take the odd ones between, and those below. */
const FIRST_ID = 10_000_000_000;
const LOCAL_REACH = 100;

function* ids({ rows, inserted, gone, shuffled, top, block }: Shape, side: 'base' | 'next'): Generator<number> {
  const isNext = side === 'next';
  if (isNext) for (let index = 0; index < top; index += 1) yield FIRST_ID - top + index;
  const reach = shuffled === 'all' ? rows : shuffled === 'local' ? LOCAL_REACH : 1;
  const blockStart = Math.floor(rows / 2);
  for (let index = 0; index < rows; index += 1) {
    const place = isNext && reach > 1 ? shuffledPlace(index, reach, rows) : index;
    const id = FIRST_ID + place * 2;
    const isGone = isNext && (chance(id, 'gone') < gone || (place >= blockStart && place < blockStart + block));
    if (!isGone) yield id;
    if (isNext && chance(id, 'inserted') < inserted) yield id + 1;
  }
}

const seeds = { changed: 0x9e3779b9, inserted: 0x85ebca6b, gone: 0xc2b2ae35 };

/** A number in [0, 1) that looks random and is the same for the same row every time. */
function chance(id: number, what: keyof typeof seeds): number {
  let hash = Math.imul(id ^ seeds[what], 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  hash = Math.imul(hash ^ (hash >>> 13), 0x9e3779b1);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
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
