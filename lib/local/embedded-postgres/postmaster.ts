import { readFile, rm } from 'node:fs/promises';
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

/** Removes a pid file whose process is another program. PostgreSQL does not start while any process has its old id, as often after a reboot. */
export async function removeForeignPidFile(data: string): Promise<void> {
  const claimed = await claimedPostmaster(data);
  if (claimed && isProcess(claimed.pid) && !(await findPostmaster(data))) await rm(join(data, 'postmaster.pid'));
}

function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The server that postmaster.pid names, running or not. */
async function claimedPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  // Lines: pid, data directory, start time, port, socket folder, address, shared memory, status.
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3] ?? 0), status: lines[7]?.trim() ?? '' } : undefined;
}
