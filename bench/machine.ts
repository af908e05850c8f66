import { readFileSync, statfsSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { serverSettings } from './cluster.ts';

const fileSystems: Record<number, string> = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  16914836: 'tmpfs (memory)',
  2035054128: 'overlay',
};

/** The machine in one line, as far as it can be found out; nothing that names it. */
export function describeMachine(folder: string, postgres: string | undefined): string {
  const cores = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? arch()}`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB memory`;
  const disk = fileSystems[statfsSync(folder).type] ?? 'another file system';
  const settings = Object.entries(serverSettings).map(([name, value]) => `${name} ${value}`);
  const server = postgres ? [`PostgreSQL ${postgres} (${settings.join(', ')})`] : [];
  return [
    cores,
    memory,
    disk,
    `${distribution()}, ${platform()} ${release().split('.', 2).join('.')}`,
    `Node ${process.versions.node}`,
    ...server,
  ].join('; ');
}

function distribution(): string {
  try {
    return /^PRETTY_NAME="(.*)"/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? arch();
  } catch {
    return arch();
  }
}
