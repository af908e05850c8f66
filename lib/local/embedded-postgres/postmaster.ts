import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf } from '../process-identity.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready` or `stopping`; empty in its first moments. */
  readonly status: string;
}

/** The living server of a data directory, by its postmaster.pid; that file outlives a killed server. */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
  const claimed = await claimedPostmaster(data);
  return claimed && commandOf(claimed.pid)?.includes(data) ? claimed : undefined;
}

/** Whom postmaster.pid names, alive or not. */
export async function claimedPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  // Lines: pid, data directory, start time, port, socket folder, address, shared memory, status.
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3] ?? 0), status: lines[7]?.trim() ?? '' } : undefined;
}
