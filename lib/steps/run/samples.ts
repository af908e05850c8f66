import { type Samples, samplesObject } from '../../core/diff/samples.ts';
import type { Finding } from '../../core/guards/finding.ts';
import { showSamples } from '../../core/guards/show-sample.ts';
import { objectText, readObject } from '../../core/objects/object-kind.ts';
import type { DiffReceipt } from '../../core/run/diff-receipt.ts';
import type { SampleLines } from '../../core/run/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { keep } from './keep.ts';

export function keepSamples(ports: Pick<Ports, 'store'>, key: string, samples: Samples): Promise<void> {
  return keep(ports, key, objectText(samplesObject, samples));
}

/** The sample rows of these findings, as lines for people. Samples that the lake no longer has are left out. */
export async function sampleLines(
  holds: readonly Finding[],
  { tables }: DiffReceipt,
  { store }: Pick<Ports, 'store'>,
): Promise<SampleLines[]> {
  const found: SampleLines[] = [];
  for (const hold of holds) {
    const key = hold.table === null ? undefined : tables[hold.table]?.samples;
    const text = key === undefined ? null : await store.readText(key);
    const rows = text === null ? [] : showSamples(hold, readObject(samplesObject, text, key!));
    const { table, guard, column, rule } = hold;
    if (rows.length > 0)
      found.push({
        table,
        guard,
        ...(column === undefined ? {} : { column }),
        ...(rule === undefined ? {} : { rule }),
        rows,
      });
  }
  return found;
}
