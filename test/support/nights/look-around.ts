import type { Neighbour } from '../../../lib/core/delivery/near-miss.ts';
import type { Source } from '../../../lib/ports/source.ts';

/** Whether the source's folder exists, and `kind name` of all that lies there, sorted. */
export async function lookAround(source: Source): Promise<{ exists: boolean | null; seen: string[] }> {
  const seen: Neighbour[] = [];
  const exists = await source.around((neighbour) => void seen.push(neighbour));
  const visible = seen.filter(({ name }) => name !== '.' && name !== '..');
  return { exists, seen: visible.map(({ name, kind }) => `${kind} ${name}`).sort() };
}
