import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { libraries, packages, quietly } from './vendor-servers.ts';

/** A MariaDB that only its socket reaches, with its client and its `mysqldump`. */
export interface MariaDb {
  /** A folder that the server may write into. */
  readonly folder: string;
  /** Runs statements; resolves to what they select, fields between tabs. */
  ask(sql: string): string;
  /** What `mysqldump` writes of the database `lab`. */
  dump(...options: string[]): Buffer;
  close(): Promise<void>;
}

/** In a folder of its own, which goes when it stops. It has the database `lab`. */
export async function startMariaDb(): Promise<MariaDb> {
  const folder = mkdtempSync(join(tmpdir(), 'mariadb-'));
  const socket = join(folder, 'socket');
  const env = libraries(packages);
  const server = spawn(
    join(packages, 'usr/sbin/mariadbd'),
    [
      '--no-defaults',
      '--user=root',
      `--datadir=${folder}`,
      `--socket=${socket}`,
      `--pid-file=${folder}/pid`,
      `--lc-messages-dir=${packages}/usr/share/mysql`,
      `--plugin-dir=${packages}/usr/lib/mysql/plugin`,
      // A new folder has no table of privileges, and nobody else reaches the socket.
      '--skip-grant-tables',
      '--skip-networking',
      '--innodb-buffer-pool-size=16M',
      '--character-set-server=utf8mb4',
    ],
    { env, ...quietly },
  );
  const said: string[] = [];
  for (const stream of [server.stdout!, server.stderr!])
    stream.setEncoding('utf8').on('data', (text) => said.push(text));
  const ended = once(server, 'exit');
  const run = (program: string, args: readonly string[], input = '') =>
    execFileSync(join(packages, 'usr/bin', program), ['--no-defaults', `--socket=${socket}`, ...args], {
      env,
      input,
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  const ask = (sql: string) =>
    run('mariadb', ['--batch', '--skip-column-names', '--default-character-set=utf8mb4'], sql).toString();
  for (;;) {
    if (server.exitCode !== null) throw new Error(`it ended at once:\n${said.join('')}`);
    try {
      ask('CREATE DATABASE lab');
      break;
    } catch {
      await sleep(50);
    }
  }
  return {
    folder,
    ask: (sql) => ask(`USE lab; ${sql}`),
    dump: (...options) => run('mariadb-dump', [...options, 'lab']),
    async close() {
      server.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
