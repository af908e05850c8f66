import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What the vendor does differently on a night. */
export interface Night {
  /** Counts the nights: later ones carry more changes. */
  readonly number: number;
  readonly products: number;
  /** Share of the products that are missing. */
  readonly missing?: number;
  /** The upload of the stock file broke off. */
  readonly isCut?: boolean;
}

const words = ['garden', 'kitchen', 'office', 'travel', 'winter', 'little', 'great', 'silver'];
const things = ['chair', 'lamp', 'kettle', 'bag', 'table', 'clock', 'shelf', 'blanket'];

/** Writes one night's whole delivery, as a vendor does: everything, every time. */
export function deliver(folder: string, night: Night): void {
  mkdirSync(folder, { recursive: true });
  const half = Math.floor(night.products / 2);
  put(folder, 'products-1.csv.gz', gzipSync(products(night, 1, half), { level: 1 }));
  put(folder, 'products-2.csv.gz', gzipSync(products(night, half + 1, night.products), { level: 1 }));
  const whole = Buffer.from(stock(night));
  put(folder, 'stock.csv', night.isCut ? whole.subarray(0, Math.floor(whole.length * 0.6) + 5) : whole);
}

function products(night: Night, from: number, to: number): string {
  const lines = ['id,name,category,price,active,updated_at'];
  for (let id = from; id <= to; id += 1) {
    if (isMissing(night, id)) continue;
    const version = versionOf(night, id);
    const price = (((id * 7919) % 90_000) + version * 10) / 100;
    const name = `${words[id % 8]} ${things[(id >> 3) % 8]}, no. ${id}`;
    lines.push(
      `${id},"${name}",${words[(id * 3) % 8]},${price.toFixed(2)},${id % 11 !== 0},2026-11-${16 + version} 10:${String(id % 60).padStart(2, '0')}:00`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function stock(night: Night): string {
  const lines = ['product_id;warehouse;quantity;counted_at'];
  for (let id = 1; id <= night.products; id += 5) {
    if (!isMissing(night, id))
      lines.push(
        `${id};${id % 2 === 0 ? 'north' : 'south'};${(id + versionOf(night, id)) % 100};2026-11-${16 + night.number}T01:30:00Z`,
      );
  }
  return `${lines.join('\n')}\n`;
}

/** About 1.5 % of the products get a new version each night. */
function versionOf(night: Night, id: number): number {
  for (let number = night.number; number > 1; number -= 1) {
    if ((id * 31 + number * 17) % 67 === 0) return number;
  }
  return 1;
}

/** Every night the vendor takes 0.1 % off the list for good. */
function isMissing(night: Night, id: number): boolean {
  const offeredUntil = id % 1000 === 7 ? 1 : Number.POSITIVE_INFINITY;
  return night.number > offeredUntil || (id * 13) % 100 < (night.missing ?? 0) * 100;
}

/** Files that were written a while ago: a delivery that has settled. */
function put(folder: string, name: string, content: Buffer): void {
  const path = join(folder, name);
  writeFileSync(path, content);
  const then = new Date(Date.now() - 600_000);
  utimesSync(path, then, then);
}
