import { asNightfeedError } from '../../core/errors.ts';
import type { RunId } from '../../core/run/keys.ts';
import { type LakeSize, sizedZones, sizesIn } from '../../core/run/lake-size.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { NumberLog } from '../../ports/ledger/number-log.ts';
import type { Ports } from '../../ports/ports.ts';

export type StorageLogPorts = Pick<Ports, 'store' | 'say' | 'measure'> & WithLedger<Pick<NumberLog, 'logStorage'>>;

/** Logs what the feed's part of the lake holds. A failure is told, and stops nothing. */
export async function logStorage(run: RunId, ports: StorageLogPorts): Promise<void> {
  try {
    const sizes = await lakeSizes(run.feed, ports);
    ports.measure?.(run.feed, [{ name: 'LakeBytes', value: sizes.reduce((sum, { bytes }) => sum + bytes, 0) }]);
    await ports.ledger.logStorage(run, sizes);
  } catch (thrown) {
    ports.say(`the log of storage lacks this night: ${asNightfeedError(thrown).message}`);
  }
}

async function lakeSizes(feed: string, { store }: Pick<Ports, 'store'>): Promise<LakeSize[]> {
  const sizes: LakeSize[] = [];
  for (const zone of sizedZones) sizes.push(...sizesIn(zone, await store.list(`${zone}/${feed}/`)));
  return sizes;
}
