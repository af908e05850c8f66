import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Listens, and stands still before it takes any connection. */
const LISTENER = `const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () =>
  process.stdout.write(String(server.address().port), () => process.kill(process.pid, 'SIGSTOP')));`;

/** More than the kernel keeps for a listener with this backlog. */
const CALLERS = 4;
/** The first callers are connected at once, on loopback. */
const CONNECT_MS = 200;

/**
 * A port of 127.0.0.1 that answers nothing, neither yes nor no, as behind a firewall that drops packets: its queue is full,
 * so the kernel drops who wants to connect.
 */
export async function droppingPort(): Promise<number> {
  const listener = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'ignore'] });
  const callers: Socket[] = [];
  onTestFinished(() => {
    for (const caller of callers) caller.destroy();
    listener.kill('SIGKILL');
  });
  const port = Number((await once(listener.stdout, 'data'))[0]);
  while (callers.length < CALLERS) {
    const caller = connect(port, '127.0.0.1').on('error', () => {});
    callers.push(caller);
    await Promise.race([once(caller, 'connect'), sleep(CONNECT_MS)]);
  }
  if (!callers.at(-1)!.connecting) throw new Error(`port ${port} still takes connections`);
  return port;
}
