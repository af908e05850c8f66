import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

/** Absolute FTP path for what a client named, or undefined when it climbs out of the root. */
export function ftpPath(working: string, name: string): string | undefined {
  const relative = posix.normalize(name.startsWith('/') ? `.${name}` : `.${working}/${name}`);
  return /^\.\.(\/|$)/.test(relative) ? undefined : posix.join('/', relative);
}

/** Local path of an existing file or folder, or undefined when there is none, or a link leads out of the root. */
export function localPath(root: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    const local = realpathSync(join(root, path));
    return local === root || local.startsWith(root + sep) ? local : undefined;
  } catch {
    return undefined;
  }
}

export function statsOf(local: string | undefined): Stats | undefined {
  return local === undefined ? undefined : statSync(local, { throwIfNoEntry: false });
}

/** Lines of MLSD (RFC 3659), or of LIST as `ls -l` prints them. */
export function listing(folder: string, style: 'MLSD' | 'LIST'): string {
  const line = style === 'MLSD' ? mlsdLine : listLine;
  return readdirSync(folder)
    .sort()
    .map((name) => `${line(name, lstatSync(join(folder, name)))}\r\n`)
    .join('');
}

export function mlsdLine(name: string, stats: Stats): string {
  const type = stats.isDirectory() ? 'dir' : stats.isSymbolicLink() ? 'OS.unix=symlink' : 'file';
  return `type=${type};size=${stats.size};modify=${timestamp(stats.mtime)}; ${name}`;
}

function listLine(name: string, stats: Stats): string {
  const type = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-';
  const [, day, month, year] = stats.mtime.toUTCString().split(' ');
  return `${type}rw-r--r-- 1 ftp ftp ${stats.size} ${month} ${day} ${year} ${name}`;
}

/** `YYYYMMDDHHMMSS` in UTC; whole seconds, like most servers. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\D/g, '').slice(0, 14);
}
