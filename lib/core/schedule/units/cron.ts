import { offsetIn } from '../zone-clock.ts';
import { aboutEnvironment, environmentFile, type Starting, type UnitFile } from './unit.ts';

/**
 * A line that asks every hour whether a night has begun. cron knows neither the feed's zone nor what its clocks skip, and both move
 * against the machine's clocks. `machineZone` is the zone of the machine.
 */
export function cronLine(starting: Starting, machineZone: string, now: Date): UnitFile[] {
  const { feed, feedFile, program, user, home } = starting;
  const minutes = minutesOf(feed.schedule, machineZone, now);
  const window = Math.floor(60 / minutes.length) - 1;
  const file = environmentFile(starting);
  const command = [...program, 'run', feedFile, '--scheduled', String(window)].map(quoted).join(' ');
  const line = `set -a; NIGHTFEED_HOME=${quoted(home)}; [ ! -f ${file} ] || . ${file}; exec ${command}`;
  const content = `# ${aboutEnvironment(starting)}
# Each hour it asks whether a night of the feed has begun, in the feed's own time zone; when none has, it ends at once.
${minutes.join(',')} * * * * ${user} ${line.replaceAll('%', '\\%')}
`;
  return [{ path: `/etc/cron.d/nightfeed-${feed.feed}`, content }];
}

/** The minutes of the machine's hours at which nights begin. Zones are apart by whole hours, or by halves and quarters of one. */
function minutesOf({ at, timezone }: Starting['feed']['schedule'], machineZone: string, now: Date): number[] {
  const minute = Number(at.slice(3));
  const start = Math.floor(now.getTime() / 1000) * 1000;
  const found = new Set<number>();
  for (let week = 0; week < 53; week += 1) {
    const instant = start + week * WEEK;
    const apart = (offsetIn(machineZone, instant) - offsetIn(timezone, instant)) / MINUTE;
    found.add((((minute + apart) % 60) + 60) % 60);
  }
  return [...found].sort((a, b) => a - b);
}

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;

function quoted(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
