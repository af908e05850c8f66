import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Why a process cannot see here when its connections are probed; undefined when it can. */
export const whyNoProbes = process.platform === 'linux' ? undefined : 'only Linux shows the timers of a socket';

/** Seconds until the kernel probes each of this process's connections that it probes at all, the soonest first. */
export function secondsToProbes(): number[] {
  const own = ownSockets();
  const connections = ['tcp', 'tcp6'].flatMap((family) => readFileSync(`/proc/self/net/${family}`, 'utf8').split('\n'));
  const probed = connections
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, , , state, , timer, , , , inode]) =>
        state === ESTABLISHED && timer?.startsWith(KEEP_ALIVE) && own.has(inode!),
    );
  return probed.map(([, , , , , timer]) => Number.parseInt(timer!.split(':')[1]!, 16) / TICKS).sort((a, b) => a - b);
}

/** As /proc/net/tcp has them. */
const ESTABLISHED = '01';
const KEEP_ALIVE = '02:';
/** In a second. */
const TICKS = 100;

function ownSockets(): Set<string> {
  return new Set(
    readdirSync('/proc/self/fd').flatMap((number) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${number}`))?.[1] ?? [];
      } catch {
        // The folder's own descriptor is closed by now.
        return [];
      }
    }),
  );
}
