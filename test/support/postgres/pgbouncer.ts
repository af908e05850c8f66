import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../lib/local/embedded-postgres/server.ts';
import { libraries, packages, quietly, running } from '../vendors/vendor-servers.ts';

/** A pooler in transaction mode that shares one connection to the server among all its clients, otherwise as it comes. */
export async function startPgbouncer(target: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { hostname, port: server, username, password } = new URL(target);
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  writeFileSync(join(folder, 'users'), `"${username}" "${password}"\n`);
  const configuration = `[databases]
* = host=${hostname} port=${server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${folder}/users
pool_mode = transaction
default_pool_size = 1
`;
  writeFileSync(join(folder, 'conf'), configuration);
  // It refuses to run as root.
  const command = [join(packages, 'usr/sbin/pgbouncer'), '-q', '-u', 'nobody', join(folder, 'conf')] as const;
  const child = spawn(command[0], command.slice(1), { env: libraries(packages), ...quietly });
  const { close } = await running(child, folder, { port, user: username });
  return { url: Object.assign(new URL(target), { port: String(port) }).href, close };
}
