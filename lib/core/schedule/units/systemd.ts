import { skippedNights } from '../night-days.ts';
import { aboutEnvironment, environmentFile, type Starting, type UnitFile } from './unit.ts';

/** Clocks of that time are not decided yet, and by then the units are printed anew. */
const YEARS = 10;

/**
 * A service and its timer. systemd makes up for a night that the machine slept through, and runs a time that the clocks repeat once. One that
 * they skip it leaves out, so these days are named.
 */
export function systemdUnits(starting: Starting): UnitFile[] {
  const { feed, feedFile, program, user, home } = starting;
  const { at, days, timezone } = feed.schedule;
  const name = `nightfeed-${feed.feed}`;
  const day = days ? `${days.map((each) => each[0]!.toUpperCase() + each.slice(1)).join(',')} ` : '';
  const skipped = skippedNights(feed.schedule, starting.today, YEARS).map(
    ({ begins }) => `OnCalendar=${begins.toISOString().slice(0, 19).replace('T', ' ')} UTC\n`,
  );
  const others = skipped.length > 0 ? `# On these days the clocks of ${timezone} skip ${at}.\n${skipped.join('')}` : '';
  const service = `# ${aboutEnvironment(starting)}
[Unit]
Description=nightfeed: the night of ${feed.feed}
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
User=${user}
Environment=${quoted(`NIGHTFEED_HOME=${home}`)}
EnvironmentFile=-${environmentFile(starting)}
ExecStart=${[...program, 'run', feedFile, '--scheduled'].map(quoted).join(' ')}
# What failed, or met a busy feed, is tried again; nobody but a person or the vendor helps with the others.
Restart=on-failure
RestartSec=10min
RestartPreventExitStatus=2 3 4 5
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
`;
  const timer = `[Unit]
Description=nightfeed: every night of ${feed.feed}

[Timer]
OnCalendar=${day}*-*-* ${at}:00 ${timezone}
${others}Persistent=true

[Install]
WantedBy=timers.target
`;
  const folder = '/etc/systemd/system';
  return [
    { path: `${folder}/${name}.service`, content: service },
    { path: `${folder}/${name}.timer`, content: timer },
  ];
}

/** A word as systemd reads it: `%` and `$` would mean something. */
function quoted(word: string): string {
  return `"${word.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}
