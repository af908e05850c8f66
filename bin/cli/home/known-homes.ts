import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Which homes commands used, by the folder that they were started from. It is only a convenience, so failures are ignored. */
type KnownHomes = Readonly<Record<string, readonly string[]>>;

/** Newest first. */
export function homesUsedFrom(folder: string): readonly string[] {
  return read()[folder] ?? [];
}

export function rememberHome(folder: string, home: string): void {
  const known = read();
  const [newest] = known[folder] ?? [];
  if (newest === home) return;
  const homes = [home, ...(known[folder] ?? []).filter((other) => other !== home)].slice(0, MOST_HOMES);
  const others = Object.entries(known).filter(([other]) => other !== folder);
  const kept = Object.fromEntries([[folder, homes], ...others.slice(0, MOST_FOLDERS)]);
  try {
    mkdirSync(dirname(path()), { recursive: true, mode: 0o700 });
    const draft = `${path()}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(kept, null, 1), { mode: 0o600 });
    renameSync(draft, path());
  } catch {}
}

const MOST_HOMES = 20;
const MOST_FOLDERS = 200;

function read(): KnownHomes {
  try {
    const known: unknown = JSON.parse(readFileSync(path(), 'utf8'));
    const isList = (value: unknown) => Array.isArray(value) && value.every((entry) => typeof entry === 'string');
    return Object.fromEntries(Object.entries(known as object).filter(([, homes]) => isList(homes)));
  } catch {
    return {};
  }
}

/** The place for a program's state by the XDG base directory specification. */
function path(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'nightfeed', 'homes.json');
}
