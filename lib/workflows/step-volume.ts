import { bytesOf } from '../core/delivery/size.ts';
import type { StepVolume } from '../core/run/step-use.ts';
import type { Products } from './step-work.ts';

/** What a step moved, by what it left; of a step that leaves nothing, undefined. */
export function volumeOf({ arrival, pulled, changes, written }: Partial<Products>): StepVolume | undefined {
  if (written) return { rows: sum(Object.values(written), (table) => table.inserted + table.updated + table.gone) };
  if (changes) {
    const tables = Object.values(changes.receipt.tables);
    return { bytes: sum(tables, ({ bytes }) => bytes.base + bytes.next), rows: sum(tables, ({ rows }) => rows) };
  }
  if (pulled) {
    const tables = Object.values(pulled.tables);
    return { bytes: sum(tables, ({ bytes }) => bytes), rows: sum(tables, ({ rows }) => rows) };
  }
  return arrival && { bytes: bytesOf(arrival.files) };
}

function sum<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}
