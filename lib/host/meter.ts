import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Meter } from '../ports/meter.ts';
import { networkBytes } from './network.ts';
import { cpuSeconds, forgetPeaks, peakMemoryBytes } from './processes.ts';

/** `folder` lies on the disk whose room is told. */
export function hostMeter(folder: string): Meter {
  return {
    host: hostname(),
    begin() {
      forgetPeaks();
      const before = { cpu: cpuSeconds(), network: networkBytes() };
      return async () => ({
        cpuSeconds: Math.max(0, cpuSeconds() - before.cpu),
        peakMemoryBytes: peakMemoryBytes(),
        freeDiskBytes: await freeBytes(folder),
        ...since(before.network, networkBytes()),
      });
    },
  };
}

async function freeBytes(folder: string): Promise<number | null> {
  const found = await statfs(folder).catch(() => null);
  return found && found.bavail * found.bsize;
}

type Network = ReturnType<typeof networkBytes>;

/** An interface that went away takes its bytes with it, and a sum that fell says nothing. */
function since(before: Network, after: Network) {
  const difference = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined || to < from ? null : to - from;
  return {
    receivedBytes: difference(before?.received, after?.received),
    sentBytes: difference(before?.sent, after?.sent),
  };
}
