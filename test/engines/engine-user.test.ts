import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DuckDbPool } from '../../lib/engines/duckdb/pool.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';

const isRoot = process.getuid?.() === 0;
const DAC_READ_SEARCH = (1n << 2n).toString(16).padStart(16, '0');
const program = fileURLToPath(new URL('../../lib/engines/duckdb/child.ts', import.meta.url));

let folder: string;
let lake: string;
const pools: DuckDbPool[] = [];
beforeEach(async () => {
  // Below a folder that is closed to everybody else.
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-user-'));
  lake = join(folder, 'lake');
  await mkdir(lake, { mode: 0o700 });
  await writeFile(join(lake, 'object'), 'id\n1\n', { mode: 0o600 });
});
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
  await rm(folder, { recursive: true });
});

function newPool(more: Partial<ConstructorParameters<typeof DuckDbPool>[0]> = {}): DuckDbPool {
  const limits = { memory: '200MB', threads: 1 };
  const pool = new DuckDbPool({ store: folderStore(lake), scratch: join(folder, 'scratch'), ...limits, ...more });
  pools.push(pool);
  return pool;
}

/** The process of DuckDB that this one started last, as the system sees it. */
async function statusOf(pool: DuckDbPool): Promise<{ pid: number; status: Record<string, string> }> {
  const { session } = await pool.session();
  await session.run('SELECT 1');
  const found: { pid: number; status: Record<string, string> }[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!command.split('\0').includes(program)) continue;
    const lines = (await readFile(`/proc/${pid}/status`, 'utf8')).split('\n').map((line) => line.split(/:\s*/));
    const status = Object.fromEntries(lines.map(([name, value]) => [name, value?.trim()]));
    if (Number(status.PPid) === process.pid) found.push({ pid: Number(pid), status });
  }
  return found.sort((a, b) => a.pid - b.pid).at(-1)!;
}

describe.skipIf(!isRoot)(`DuckDB where we are root${isRoot ? '' : ' (skipped: we are not)'}`, () => {
  test('is a user of its own, who reads everything and may nothing else', async () => {
    const { pid, status } = await statusOf(newPool());
    const uid = status.Uid!.split('\t')[0]!;
    expect(Number(uid)).toBeGreaterThan(1_000_000_000);
    expect(await readFile('/etc/passwd', 'utf8')).not.toContain(`:${uid}:`);
    const four = Array(4).fill(uid).join('\t');
    const caps = { CapInh: DAC_READ_SEARCH, CapPrm: DAC_READ_SEARCH, CapEff: DAC_READ_SEARCH, CapBnd: DAC_READ_SEARCH };
    expect(status).toMatchObject({ Uid: four, Gid: four, Groups: '', NoNewPrivs: '1', ...caps });
    // No terminal of ours, and no network.
    const [session] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ').slice(3);
    expect(Number(session)).toBe(pid);
    expect(await readlink(`/proc/${pid}/ns/net`)).not.toBe(await readlink('/proc/self/ns/net'));
    expect((await readdir(`/proc/${pid}/fd`)).length).toBeGreaterThan(3);

    const other = await statusOf(newPool());
    expect(other.pid).not.toBe(pid);
    expect(other.status.Uid).not.toBe(four);
  });

  test('is whom NIGHTFEED_ENGINE_USER names', async () => {
    const { status } = await statusOf(newPool({ account: { uid: 1_234_567, gid: 1_234_568 } }));
    expect(status).toMatchObject({
      Uid: Array(4).fill(1_234_567).join('\t'),
      Gid: Array(4).fill(1_234_568).join('\t'),
    });
  });

  test('reads the lake, and writes neither into it nor beside it, where its own sandbox lets it', async () => {
    const pool = newPool();
    const { session, scratch } = await pool.session();
    expect(await session.run(`SELECT * FROM read_csv('${lake}/object')`)).toHaveLength(1);
    for (const path of [join(lake, 'object'), join(lake, 'new'), join(scratch, 'new')])
      await expect(session.run(`COPY (SELECT 2) TO '${path}' (FORMAT csv, USE_TMP_FILE false)`)).rejects.toThrow(
        'Permission denied',
      );
    expect(await readFile(join(lake, 'object'), 'utf8')).toBe('id\n1\n');
    await session.write([{ select: 'SELECT 2 AS two', path: join(scratch, 'out.csv'), format: 'FORMAT csv' }]);
    expect(await readFile(join(scratch, 'out.csv'), 'utf8')).toBe('two\n2\n');
    expect(await stat(join(scratch, 'out.csv'))).toMatchObject({ uid: 0, gid: 0, nlink: 1 });
  });

  test('that somebody took over cannot change, kill or look into what is root’s, nor tell anybody', async () => {
    const pool = newPool();
    const { scratch } = await pool.session();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const attack = `
      exec < /dev/null
      attempt() { if (eval "$1") 2>/dev/null; then echo "done: $1"; fi; }
      attempt 'cat ${lake}/object > /dev/null'
      attempt 'echo 2 > ${lake}/object'
      attempt 'rm -f ${lake}/object'
      attempt 'mv ${scratch}/spill ${scratch}/elsewhere'
      attempt 'touch ${scratch}/here'
      attempt 'touch /etc/nightfeed-was-here'
      attempt 'kill -KILL ${process.pid}'
      attempt 'cat /proc/${process.pid}/environ'
      attempt 'cat /proc/${process.pid}/mem'
      attempt 'readlink /proc/${process.pid}/cwd'
      attempt 'chown 0 ${scratch}/spill'
      attempt '/usr/bin/setpriv --reuid=0 true'
      attempt 'unshare --user true && unshare --user --map-root-user touch ${lake}/new'
      attempt 'test "$(su -c "id -u")" = 0'`;
    const launcher = await launcherOf(pool);
    const connect = `require('net').connect(${port},'127.0.0.1').on('error',()=>process.exit(1)).on('connect',()=>process.exit(0))`;
    try {
      expect(await told(launcher, ['/bin/sh', '-c', attack])).toBe(`done: cat ${lake}/object > /dev/null\n`);
      const run = promisify(execFile);
      await run(process.execPath, ['-e', connect]);
      const [first, ...args] = [...launcher, process.execPath, '-e', connect];
      await expect(run(first!, args, { env: {} })).rejects.toMatchObject({ code: 1 });
    } finally {
      server.close();
    }
    expect(await readFile(join(lake, 'object'), 'utf8')).toBe('id\n1\n');
  });

  test('leaves no process behind, whatever it started', async () => {
    const pool = newPool();
    const [first, ...args] = [...(await launcherOf(pool)), '/bin/sh', '-c', 'trap "" TERM HUP; echo; exec sleep 600'];
    const left = spawn(first!, args, { env: {}, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(left, 'exit');
    await once(left.stdout!, 'data');
    await pool.close();
    expect(await Promise.race([ended, sleep(5000)])).toEqual([null, 'SIGKILL']);
  });

  test('is root’s, which is said once, where root may not lend the right to read, as in a container', async () => {
    const asked = (...without: string[]) => ask(without.map((right) => `-${right}`).join(','));
    expect(await asked('net_raw')).toMatchObject({ said: [], launcher: ['/usr/bin/unshare', '--net'] });
    // Without the right to make a network of its own it has that of the machine.
    const some = await asked('sys_admin');
    expect([some.said, some.launcher[0]]).toEqual([[], '/usr/bin/setpriv']);
    for (const right of ['dac_read_search', 'setuid', 'setgid', 'setpcap', 'chown']) {
      const { said, launcher } = await asked(right);
      expect([right, launcher]).toEqual([right, []]);
      expect(said).toEqual([
        expect.stringMatching(/^DuckDB runs as root here \(.+\): better run nightfeed under a user/),
      ]);
    }
  });

  test('is refused where the user who was asked for cannot be', async () => {
    await chmod(folder, 0o700);
    const { failed } = await ask('-setuid', '4711');
    expect(failed).toMatch(/^NIGHTFEED_ENGINE_USER: DuckDB cannot run as 4711 here: setpriv: .*not permitted/);
  });
});

/** What a program says that was started as DuckDB is. */
async function told(launcher: readonly string[], command: readonly string[]): Promise<string> {
  const [program, ...args] = [...launcher, ...command];
  return (await promisify(execFile)(program!, args, { env: {} })).stdout;
}

/** What stands before the program of a DuckDB of this pool, as it is told by its own process. */
async function launcherOf(pool: DuckDbPool): Promise<string[]> {
  const { status } = await statusOf(pool);
  const [uid] = status.Uid!.split('\t');
  const { engineUser } = await import('../../lib/engines/common/engine-user.ts');
  const account = { uid: Number(uid), gid: Number(uid) };
  const user = await engineUser({ account, reads: [lake], writes: join(folder, `spill-${uid}`), say: () => {} });
  return [...user!.launcher];
}

const asker = fileURLToPath(new URL('../support/engines/ask-engine-user.ts', import.meta.url));

/** What a root without some rights comes to. */
async function ask(without: string, account?: string) {
  const place = await mkdtemp(join(folder, 'asked-'));
  const args = [
    `--bounding-set=${without}`,
    process.execPath,
    asker,
    lake,
    join(place, 'spill'),
    ...(account ? [account] : []),
  ];
  const { stdout } = await promisify(execFile)('/usr/bin/setpriv', args, { env: {} });
  const {
    said,
    launcher = [],
    failed,
  } = JSON.parse(stdout) as { said: string[]; launcher?: string[]; failed?: string };
  return { said, launcher: launcher.slice(0, 2), failed };
}
