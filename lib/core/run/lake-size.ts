import type { Zone } from './keys.ts';

/** What a table of a feed has in a zone of the lake. */
export interface LakeSize {
  readonly zone: Zone;
  /** null for objects of the feed as a whole, such as receipts. */
  readonly table: string | null;
  readonly bytes: number;
  readonly objects: number;
}

/** Zones that hold what nights leave. Jobs of operators and their answers go by themselves. */
export const sizedZones = [
  'landing',
  'raw',
  'changes',
  'snapshots',
  'receipts',
  'current',
  'feeds',
] as const satisfies readonly Zone[];

/** Sizes by table, in the order of the tables' names. */
export function sizesIn(zone: Zone, objects: Iterable<{ readonly key: string; readonly size: number }>): LakeSize[] {
  const found = new Map<string | null, { bytes: number; objects: number }>();
  for (const { key, size } of objects) {
    const table = tableOf(zone, key);
    const sum = found.get(table) ?? { bytes: 0, objects: 0 };
    found.set(table, { bytes: sum.bytes + size, objects: sum.objects + 1 });
  }
  const named = [...found].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
  return named.map(([table, sum]) => ({ zone, table, ...sum }));
}

/** By the form that `keys` give: `zone/feed/run/attempt/table/file`, and `current/feed/table/…`, where a folder with a dash is no table's. */
function tableOf(zone: Zone, key: string): string | null {
  const parts = key.split('/');
  const table = zone === 'current' ? parts[2] : zone === 'receipts' || zone === 'feeds' ? undefined : parts[4];
  const isTable = table !== undefined && !table.includes('-') && !table.includes('.');
  return isTable ? table : null;
}
