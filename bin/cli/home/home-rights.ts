import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { isOpenToAll } from '../../../lib/local/embedded-postgres/server-user.ts';
import { groupNumber, userName } from './unix-names.ts';

interface Circumstances {
  /** NIGHTFEED_GROUP: who may work in the home too. */
  readonly group: string | undefined;
  /** The database is the embedded one, in the home. */
  readonly isEmbedded: boolean;
  /** Whether the command may make the home. */
  readonly makes: boolean;
  say(text: string): void;
}

/** `private`: only this user. `passage`: others cannot list the folder, but can enter folders in it that they may enter and know by name. */
const modes = { private: 0o700, passage: 0o711, group: 0o2770 } as const;
type Access = keyof typeof modes;

const PERMISSIONS = 0o777;
const OTHERS = 0o077;
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/** The folders that nightfeed makes in a home. */
const OWN = ['lake', 'looks', 'scratch', 'postgres'];
/** Folders that a group has to be able to use completely, also files from before the group was set. */
const SHARED = ['lake', 'looks'];

/**
 * Makes sure that only this user, or the group, can use the home. Whatever is more open is closed, and the user is told; later files follow
 * the umask. Throws OTHER_USER when the home belongs to somebody else, and USAGE, with the command to run, where we cannot close it.
 */
export async function closeHome(home: string, { group, isEmbedded, makes, say }: Circumstances): Promise<void> {
  const me = process.getuid?.();
  if (me === undefined) return;
  const gid = group === undefined ? undefined : groupNumber(group);
  const rest: Access = gid === undefined ? 'private' : 'group';
  const isPassage = me === 0 && (isEmbedded || existsSync(join(home, 'postgres'))) && (await isReachable(home));
  const whole: Access = rest === 'private' && isPassage ? 'passage' : rest;
  if (!existsSync(home)) {
    if (whole === 'private' || !makes) return;
    mkdirSync(home, { recursive: true });
    return close(home, whole, gid, () => {});
  }
  const own = readdirSync(home).filter((name) => OWN.includes(name));
  for (const path of [home, ...own.map((name) => join(home, name))]) checkOwner(path, me, gid);
  if (gid !== undefined)
    checkGroup(
      own.filter((name) => SHARED.includes(name)).map((name) => join(home, name)),
      gid,
    );
  if (isOursAlone(home)) close(home, whole, gid, say);
  else checkWriters(home);
  for (const name of own)
    if (name === 'postgres') close(join(home, name), me === 0 ? 'passage' : 'private', undefined, say);
    else close(join(home, name), rest, gid, say);
}

/** PostgreSQL does not run as root. Its data lie in the home if its user can reach the home, otherwise elsewhere. */
async function isReachable(home: string): Promise<boolean> {
  let above = dirname(home);
  while (!existsSync(above)) above = dirname(above);
  return isOpenToAll(above);
}

/** Whether the folder has only things of nightfeed. If not, it may have to stay open, and only nightfeed's part is closed. */
function isOursAlone(home: string): boolean {
  return basename(home) === '.nightfeed' || readdirSync(home).every((name) => OWN.includes(name));
}

/** Checks that this user, or a colleague of the group, owns the path. For a link its own owner counts. */
function checkOwner(path: string, me: number, gid: number | undefined): void {
  const [link, found] = [lstatSync(path), statSync(path)];
  const isOurs = found.uid === me || (gid !== undefined && found.gid === gid);
  if (isOurs && (link.ino === found.ino || link.uid === me || link.uid === 0)) return;
  const owner = userName(isOurs ? link.uid : found.uid);
  throw new NightfeedError('OTHER_USER', `${path} belongs to ${owner}, and this command runs as ${userName(me)}`, {
    hint: `Run it as ${owner}, or set NIGHTFEED_HOME to a folder of your own. Colleagues share one with NIGHTFEED_GROUP.`,
  });
}

function checkGroup(paths: readonly string[], gid: number): void {
  const closed = paths.filter((path) => statSync(path).gid !== gid).join(' ');
  if (closed === '') return;
  throw new NightfeedError('USAGE', `NIGHTFEED_GROUP: ${closed} was made before the group was let in`, {
    hint: `Let it in once: chgrp -R ${gid} ${closed} && chmod -R g+rwX ${closed} && find ${closed} -type d -exec chmod g+s {} +`,
  });
}

/** Checks who may write into the folder above, because such a user could replace our home with another folder. */
function checkWriters(home: string): void {
  const { mode } = statSync(home);
  if ((mode & WRITABLE_BY_ALL) === 0 || (mode & STICKY) !== 0) return;
  throw new NightfeedError('USAGE', `every user may write into ${home}, which holds more than nightfeed's own`, {
    hint: `Set NIGHTFEED_HOME to a folder of its own, or close this one: chmod o-w ${home}`,
  });
}

function close(path: string, access: Access, gid: number | undefined, say: (text: string) => void): void {
  const before = statSync(path);
  const wanted = modes[access];
  try {
    if (gid !== undefined && before.gid !== gid) chownSync(path, before.uid, gid);
    if ((before.mode & (PERMISSIONS | 0o2000)) !== wanted) chmodSync(path, wanted);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
  const { mode } = statSync(path);
  const isOpen = (bits: number) => (bits & OTHERS & ~wanted) !== 0;
  if (isOpen(mode)) say(`${path} stays open to other users (${octal(mode)}): close it with chmod ${octal(wanted)}`);
  else if (isOpen(before.mode)) say(`${path} was open to other users (${octal(before.mode)}), and is closed now`);
}

function octal(mode: number): string {
  return (mode & PERMISSIONS).toString(8);
}
