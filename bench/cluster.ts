import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { embeddedBinaries } from '../lib/local/embedded-postgres/binaries.ts';
import { initialise } from '../lib/local/embedded-postgres/initialise.ts';
import { findPostmaster } from '../lib/local/embedded-postgres/postmaster.ts';
import { spawnBinary } from '../lib/local/embedded-postgres/run-binary.ts';
import { freePort } from '../lib/local/embedded-postgres/server.ts';
import { serverUser } from '../lib/local/embedded-postgres/server-user.ts';

/** A server that somebody cared for, durable as by default. Autovacuum is off: the bench vacuums when nobody is timed. */
export const serverSettings = {
  shared_buffers: '1GB',
  work_mem: '256MB',
  maintenance_work_mem: '512MB',
  max_wal_size: '16GB',
  checkpoint_timeout: '30min',
  fsync: 'on',
  synchronous_commit: 'on',
  autovacuum: 'off',
};

const PLACE = { listen_addresses: '127.0.0.1', unix_socket_directories: '', timezone: 'UTC' };

/** A PostgreSQL of the bench's own, in its folder. */
export class Cluster {
  readonly pid: number;
  readonly version: string;
  readonly #data: string;
  readonly #url: (database: string) => string;
  readonly #sql: postgres.Sql;
  #copies = 0;

  private constructor(
    pid: number,
    version: string,
    data: string,
    url: (database: string) => string,
    sql: postgres.Sql,
  ) {
    this.pid = pid;
    this.version = version;
    this.#data = data;
    this.#url = url;
    this.#sql = sql;
  }

  static async start(folder: string): Promise<Cluster> {
    const user = await serverUser();
    const { bin } = await embeddedBinaries(user, folder);
    await mkdir(join(folder, 'postgres'), { mode: 0o711 });
    const data = join(folder, 'postgres', 'data');
    const password = randomBytes(12).toString('hex');
    await initialise(bin, data, user, password);
    const port = await freePort();
    const settings = Object.entries({ ...PLACE, ...serverSettings, port }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const log = await open(join(folder, 'postgres.log'), 'a');
    const child = spawnBinary(join(bin, 'postgres'), ['-D', data, ...settings], {
      folder,
      user,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.on('error', () => {});
    child.unref();
    await log.close();
    while ((await findPostmaster(data))?.status !== 'ready') {
      if (child.pid === undefined || child.exitCode !== null)
        throw new Error(await readFile(join(folder, 'postgres.log'), 'utf8'));
      await sleep(5);
    }
    const url = (database: string) => `postgres://nightfeed:${password}@127.0.0.1:${port}/${database}`;
    const sql = postgres(url('nightfeed'), { max: 1, onnotice: () => {} });
    const [row] = await sql`SHOW server_version`;
    return new Cluster(child.pid!, row!.server_version, data, url, sql);
  }

  url(database: string): string {
    return this.#url(database);
  }

  async create(database: string): Promise<void> {
    await this.#sql`CREATE DATABASE ${this.#sql(database)}`;
  }

  /** A copy under a name of its own. */
  async copy(database: string): Promise<string> {
    this.#copies += 1;
    const name = `${database}_${this.#copies}`;
    await this.#sql`CREATE DATABASE ${this.#sql(name)} TEMPLATE ${this.#sql(database)} STRATEGY file_copy`;
    return name;
  }

  async rename(database: string, name: string): Promise<void> {
    await this.#sql`ALTER DATABASE ${this.#sql(database)} RENAME TO ${this.#sql(name)}`;
  }

  async drop(database: string): Promise<void> {
    await this.#sql`DROP DATABASE ${this.#sql(database)} WITH (FORCE)`;
  }

  /** So that nobody pays for what was written before. */
  async checkpoint(): Promise<void> {
    await this.#sql`CHECKPOINT`;
  }

  async vacuum(database: string): Promise<void> {
    const sql = postgres(this.url(database), { max: 1, onnotice: () => {} });
    await sql`VACUUM (ANALYZE)`;
    await sql.end();
  }

  async stop(): Promise<void> {
    await this.#sql.end({ timeout: 0 });
    await endServer(this.#data);
  }
}

/** Ends the server whose folder this is, without care for its data. */
export async function endCluster(folder: string): Promise<void> {
  await endServer(join(folder, 'postgres', 'data'));
}

async function endServer(data: string): Promise<void> {
  const running = await findPostmaster(data);
  if (!running) return;
  process.kill(running.pid, 'SIGQUIT');
  while (await findPostmaster(data)) await sleep(5);
}
