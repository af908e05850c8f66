import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { NightfeedError } from '../../core/errors.ts';
import { type Account, lendNew } from './lent-folder.ts';

/** Whom a process runs as that reads a vendor's bytes, and the command that turns into it: what is to run comes behind. */
export interface EngineUser extends Account {
  readonly launcher: readonly string[];
}

interface Circumstances {
  /** Instead of one of its own. Then it is this one, or none at all. */
  readonly account?: Account | undefined;
  /** Files and folders that it has to read, whoever they belong to. */
  readonly reads: readonly string[];
  /** A new folder, in one of ours, for what it keeps to itself. */
  readonly writes: string;
  readonly say: (text: string) => void;
}

/**
 * Root lends its engine another user; undefined where this process is not root, or where that cannot be done, which is
 * said. The user reads every file, since lake and program may be root's alone, and changes none but those that are lent to
 * it. It gains no rights by what it starts, and has no network where the system lets us take it away: what it reads it can
 * tell nobody.
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

/** Ends what this user has left running. Only for an account that nobody else has. */
export async function endProcessesOf({ uid, launcher }: EngineUser): Promise<void> {
  // It fails where there is none, which is the rule. Of root -1 would be the whole machine.
  const all = ['/bin/sh', '-c', 'test "$(id -u)" = "$1" && kill -KILL -1', 'sh', String(uid)];
  await start(launcher, all).catch(() => {});
}

/** From a range that systemd's list of user numbers leaves free. By chance, so that no two engines ever are one user. */
const FIRST_UID = 1_879_048_192;
const UIDS = 2 ** 27;

async function ownAccount(): Promise<Account> {
  const uid = FIRST_UID + randomInt(UIDS);
  const accounts = await readFile('/etc/passwd', 'utf8');
  if (accounts.split('\n').some((line) => Number(line.split(':')[2]) === uid)) return ownAccount();
  return { uid, gid: uid };
}

/** The first that can read all that it has to: a file system may know no capabilities, such as NFS, or nobody but its owner. */
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

/** CAP_DAC_READ_SEARCH reads, and enters folders, whatever their modes say; it opens nothing for writing, and no other process. */
function rightsOf({ uid, gid }: Account): string[] {
  const kept = '-all,+dac_read_search';
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    // Without it access(2), by which DuckDB asks whether there is a file, counts no capability.
    '--securebits=+no_setuid_fixup',
    `--bounding-set=${kept}`,
    `--inh-caps=${kept}`,
    `--ambient-caps=${kept}`,
  ];
}

/** Never by PATH, which may lead to somebody's folder. */
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
