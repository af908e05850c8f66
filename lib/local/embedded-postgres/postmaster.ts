import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf } from '../process-identity.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready` or `stopping`; empty in its first moments. */
  readonly status: string;
}

/** The running server of a data directory, from its postmaster.pid. That file stays when a server is killed, so the process is checked. */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
  const claimed = await claimedPostmaster(data);
  return claimed && commandOf(claimed.pid)?.includes(data) ? claimed : undefined;
}

/** The server that postmaster.pid names, running or not. */
export async function claimedPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  // Lines: pid, data directory, start time, port, socket folder, address, shared memory, status.
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3] ?? 0), status: lines[7]?.trim() ?? '' } : undefined;
}
