import { mkdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csv } from '../engines/csv.ts';

type Field = string | null;

/** A delivery of two tables, fields as the vendor writes them. */
export interface Delivery {
  /** id, name, price, seen. */
  readonly products: readonly (readonly Field[])[];
  /** product, warehouse, quantity. */
  readonly stock: readonly (readonly Field[])[];
}

const PRODUCTS = 60;

/** Business date of a night; the first is 1. */
export function dateOf(night: number): string {
  return `2026-11-${10 + night}`;
}

/** A night's whole delivery: from night to night rows come, change, go, and return. */
export function deliveryOf(night: number): Delivery {
  const products: Field[][] = [];
  const stock: Field[][] = [];
  for (let id = 1; id <= PRODUCTS + 3 * night; id += 1) {
    const version = Math.floor((id + night) / 7);
    if ((id + night) % 13 !== 0)
      products.push([
        String(id),
        `thing "${version}", ${id}`,
        `${id}.${10 + (version % 90)}`,
        `${dateOf(night)} 01:00:00`,
      ]);
    for (const warehouse of ['north', 'south']) {
      if ((id * 3 + night + warehouse.length) % 11 !== 0)
        stock.push([String(id), warehouse, String(((id * 7) % 50) + (id % 4 === 0 ? night : 0))]);
    }
  }
  return { products, stock };
}

/** So little of a delivery that the guards hold it. */
export function mostMissing({ products, stock }: Delivery): Delivery {
  return { products: products.slice(0, products.length / 4), stock };
}

/** The same with another price in the first row. */
export function corrected(delivery: Delivery, price = '999.99'): Delivery {
  const [first, ...others] = delivery.products;
  return { ...delivery, products: [[first![0]!, first![1]!, price, first![3]!], ...others] };
}

/** The delivery's files by name. */
export function filesOf({ products, stock }: Delivery) {
  return {
    'products.csv': csv([['id', 'name', 'price', 'seen'], ...products]),
    'stock.csv': csv([['product', 'warehouse', 'quantity'], ...stock]),
  };
}

/** Puts a delivery into a folder, last written some minutes ago: settled. */
export function put(folder: string, delivery: Delivery, minutesAgo = 10): void {
  mkdirSync(folder, { recursive: true });
  const written = new Date(Date.now() - minutesAgo * 60_000);
  for (const [name, text] of Object.entries(filesOf(delivery))) {
    const path = join(folder, name);
    rmSync(path, { force: true });
    writeFileSync(path, text);
    utimesSync(path, written, written);
  }
}

/** Takes all bytes out of a file that was delivered, without a trace in its time. */
export function empty(path: string): void {
  const { mtime } = statSync(path);
  truncateSync(path);
  utimesSync(path, mtime, mtime);
}

/** `products` is retained with history, `stock` has a composite key and is deleted; the guards suit so few rows. */
export function feedFile(source: string): string {
  const guards = '{gone: 50%, updated: 100%, rejected: 20%, rows: [-50%, +100%], min_rows: 1}';
  return `feed: shop
source: ${source}
target: {schema: shop}
tables:
  products:
    files: products.csv
    columns:
      id: {type: bigint, key: true}
      name: text
      price: {type: "decimal(10,2)", required: true}
      seen: {type: timestamp, compare: false}
    on_delete: retain
    history: true
    guards: ${guards}
  stock:
    files: stock.csv
    columns:
      product: {type: bigint, key: true}
      warehouse: {type: text, key: true}
      quantity: integer
    on_delete: delete
    guards: ${guards}
`;
}
