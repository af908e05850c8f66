import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { NightfeedError } from '../../core/errors.ts';
import { type Account, lendNew } from './lent-folder.ts';

/** The user of a process that reads a vendor's bytes, and the command that starts a program as this user. */
export interface EngineUser extends Account {
  readonly launcher: readonly string[];
}

interface Circumstances {
  /** The account to use instead of a number of its own. When it cannot be used, nothing runs. */
  readonly account?: Account | undefined;
  /** Files and folders that the user has to read, whoever owns them. */
  readonly reads: readonly string[];
  /** A new folder, within one of ours, for the user's own files. */
  readonly writes: string;
  readonly say: (text: string) => void;
}

/**
 * Where this process is root, its engine runs as another user. undefined where it is not root, or where that is impossible, which `say`
 * is told. The user may read every file, because lake and program may be readable for root alone; it may write only into folders
 * that are lent to it. Programs that it starts gain no rights, and it has no network where the system allows us to remove it, so that it
 * cannot send what it reads to anybody.
 */
export async function engineUser({ account, reads, writes, say }: Circumstances): Promise<EngineUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const chosen = account ?? (await ownAccount());
    const launcher = await launcherThatReads(chosen, reads);
    await lendNew(writes, chosen);
    return { ...chosen, launcher };
  } catch (error) {
    const reason = (error as Error).message;
    if (account) {
      throw new NightfeedError('USAGE', `NIGHTFEED_ENGINE_USER: DuckDB cannot run as ${account.uid} here: ${reason}`, {
        hint: 'Leave it out, and run nightfeed under a user of its own instead of root.',
      });
    }
    say(`DuckDB runs as root here (${reason}): better run nightfeed under a user of its own`);
    return undefined;
  }
}

/** Kills all processes of this user. Only for an account that nobody else uses. */
export async function endProcessesOf({ uid, launcher }: EngineUser): Promise<void> {
  // `kill` fails when no process is left, which is the usual case. The check is there because `kill -1` as root would end the whole machine.
  const all = ['/bin/sh', '-c', 'test "$(id -u)" = "$1" && kill -KILL -1', 'sh', String(uid)];
  await start(launcher, all).catch(() => {});
}

/** Start of a range that systemd's list of user numbers leaves free. The number is random, so that no two engines share a user. */
const FIRST_UID = 1_879_048_192;
const UIDS = 2 ** 27;

async function ownAccount(): Promise<Account> {
  const uid = FIRST_UID + randomInt(UIDS);
  const accounts = await readFile('/etc/passwd', 'utf8');
  if (accounts.split('\n').some((line) => Number(line.split(':')[2]) === uid)) return ownAccount();
  return { uid, gid: uid };
}

/** The first launcher whose user can read all it has to. On some file systems capabilities have no effect (NFS), or only the owner may read. */
async function launcherThatReads(account: Account, reads: readonly string[]): Promise<string[]> {
  const drop = [programAt('setpriv'), ...rightsOf(account)];
  const withoutNetwork = [programAt('unshare'), '--net', ...drop];
  try {
    await start(withoutNetwork, [...READ_ALL, ...reads]);
    return withoutNetwork;
  } catch {
    await start(drop, [...READ_ALL, ...reads]);
    return drop;
  }
}

const READ_ALL = ['/bin/sh', '-c', 'for path; do : < "$path" || exit; done', 'sh'];

/** With CAP_DAC_READ_SEARCH the user may read all files and enter all folders, whatever their modes. It gives no right to write, or to look into other processes. */
function rightsOf({ uid, gid }: Account): string[] {
  const kept = '-all,+dac_read_search';
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    // DuckDB asks by access(2) whether a file exists; without this bit access(2) ignores capabilities.
    '--securebits=+no_setuid_fixup',
    `--bounding-set=${kept}`,
    `--inh-caps=${kept}`,
    `--ambient-caps=${kept}`,
  ];
}

/** Looks in fixed folders, because PATH may lead to a folder that somebody else can write to. */
function programAt(name: string): string {
  const found = ['/usr/bin', '/bin'].map((folder) => `${folder}/${name}`).find(existsSync);
  if (!found) throw new Error(`there is no ${name} in /usr/bin or /bin`);
  return found;
}

const PATIENCE_MS = 10_000;

async function start(launcher: readonly string[], command: readonly string[]): Promise<void> {
  const [program, ...args] = [...launcher, ...command];
  try {
    await promisify(execFile)(program!, args, { env: {}, timeout: PATIENCE_MS });
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr: string };
    throw new Error((stderr || message).trim().split('\n')[0]);
  }
}
