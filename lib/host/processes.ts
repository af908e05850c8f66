import { readFileSync, writeFileSync } from 'node:fs';

/** Of this process and those that it started, also those that have ended. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  const [own, ...started] = family().map(timesOf);
  const ticks = (own?.ended ?? 0) + started.reduce((sum, times) => sum + (times ? times.own + times.ended : 0), 0);
  return (user + system) / 1e6 + ticks / TICKS;
}

/** From now on a peak is one that comes later, where the system lets us say so. */
export function forgetPeaks(): void {
  for (const pid of family()) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // Its peak stays that of its whole life.
    }
  }
}

/** The peaks of this process and of those that it started and that live, added up: they may have come one after the other. */
export function peakMemoryBytes(): number {
  const peaks = family().map((pid) => /^VmHWM:\s*(\d+) kB$/m.exec(read(pid, 'status') ?? '')?.[1]);
  const [own, ...started] = peaks.map((kilobytes) => Number(kilobytes ?? 0) * 1024);
  // Where there is no /proc, the process knows the peak of its whole life.
  const alone = own || process.resourceUsage().maxRSS * 1024;
  return started.reduce((sum, peak) => sum + peak, alone);
}

/** Linux shows times to programs in hundredths of a second, whatever the kernel counts in. */
const TICKS = 100;

/** This process, and those that it started and that live; this process alone where the system does not tell. */
function family(): number[] {
  const found = [process.pid];
  for (const pid of found) {
    const started = read(pid, `task/${pid}/children`)?.trim().split(' ') ?? [];
    for (const each of started.filter((text) => text !== '').map(Number)) if (!found.includes(each)) found.push(each);
  }
  return found;
}

/** `ended`: of those that it started and that have ended. */
function timesOf(pid: number): { readonly own: number; readonly ended: number } | undefined {
  // The name of the program stands in parentheses, and may have any character.
  const fields = read(pid, 'stat')
    ?.split(/\) (?!.*\) )/s)[1]
    ?.split(' ')
    .map(Number);
  if (!fields) return undefined;
  const [user, system, usersEnded, systemsEnded] = fields.slice(11, 15);
  return { own: user! + system!, ended: usersEnded! + systemsEnded! };
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return undefined;
  }
}
