import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Distinguishes a process from a later one with the same id, also after a reboot. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? 'unknown' };
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return startOf(pid) === started;
}

/** The command line, or undefined when the process is gone. */
export function commandOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return askPs(pid, 'command=');
  // Everybody can read this file, unlike /proc/<pid>/cwd, which root without CAP_SYS_PTRACE (in a container) may not follow.
  return readProc(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') || undefined;
}

function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return askPs(pid, 'lstart=');
  // The name in parentheses may have any characters. After it come field 3, the state, and field 22, the start in ticks since boot.
  const stat = readProc(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${readProc('/proc/sys/kernel/random/boot_id')?.trim()}/${fields[19]}`;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function askPs(pid: number, column: string): string | undefined {
  try {
    const options = { encoding: 'utf8', env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' } } as const;
    return execFileSync('ps', ['-ww', '-p', String(pid), '-o', column], options).trim() || undefined;
  } catch {
    return undefined;
  }
}
