import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Fault {
  readonly kind: FaultKind;
  /** Name of the file; every file when absent. */
  readonly file?: string;
  /** How many times; always when absent. */
  readonly times?: number;
  /** Bytes of the file that are sent before `cut226`, `cut426`, `reset`, `stall`, `replace` and `grow` strike; 0 when absent. */
  readonly atByte?: number;
  /** Which command `busy`, `denied`, `silent`, `dropped`, `endless`, `drip`, `talk` and `chatter` hit; RETR when absent, CONNECT is the greeting. */
  readonly command?: string;
  /**
   * What `replace` puts in the file's place, the old content and one more line when absent; what `grow` appends; what `endless`,
   * `talk` and `chatter` repeat, and of what `drip` sends a byte at a time.
   */
  readonly content?: string;
  /** Where `passiveElsewhere` leads. */
  readonly port?: number;
}

type FaultKind =
  /** Data ends early, and the server calls it complete. */
  | 'cut226'
  /** Data ends early, and the server says so. */
  | 'cut426'
  /** The data connection is reset. */
  | 'reset'
  /** No more data, but the connection stays. */
  | 'stall'
  /** The vendor puts another file in place while the old one is being sent. */
  | 'replace'
  /** The vendor is still writing: more is appended while the file is being sent, and sent too. */
  | 'grow'
  /** Line feeds become CR LF on the way, although the client asked for binary. */
  | 'translate'
  /** All data is sent, but the final answer never comes. */
  | 'loseReply'
  /** All data is sent, and then 421 instead of the final answer, as of a server that took the control connection for idle. */
  | 'idleReply'
  /** REST is accepted, and the file is sent from its start. */
  | 'ignoreRest'
  /** `content` again and again on the data connection, as fast as it is taken. */
  | 'endless'
  /** `content` on the data connection, a byte every 20 ms. */
  | 'drip'
  /** `content` again and again on the control connection, as fast as it is taken. */
  | 'talk'
  /** `content` on the control connection every 20 ms, for ever. */
  | 'chatter'
  | 'busy'
  | 'denied'
  /** No answer to `command`. */
  | 'silent'
  /** The control connection is reset instead of an answer to `command`. */
  | 'dropped'
  /** 421 and the end of the control connection, after a listing was sent. */
  | 'closeControlAfterList'
  | 'refuseAuthTls'
  /** AUTH TLS is accepted, but nobody shakes hands. */
  | 'stallTls'
  /** PASV names a host that is not this server. */
  | 'passiveLies'
  /** Data connections are refused, as by a firewall. */
  | 'passiveBlocked'
  /** PASV and EPSV name another port. */
  | 'passiveElsewhere';

export const DRIP_MILLISECONDS = 20;

/** Writes the text until the other side goes away. */
export async function repeat(socket: Socket, text: string, pauseMilliseconds: number): Promise<void> {
  // Many at once, for the speed of it.
  const some = pauseMilliseconds > 0 ? text : text.repeat(Math.max(1, Math.round(MUCH / text.length)));
  while (!socket.destroyed) {
    if (pauseMilliseconds > 0) await sleep(pauseMilliseconds);
    if (!socket.write(some)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
  }
}

const MUCH = 256 * 1024;

export class FtpFaults {
  #faults: { readonly fault: Fault; left: number }[] = [];

  inject(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The oldest fault of these kinds that is still due, counted as used. */
  take(kinds: readonly FaultKind[], file?: string, command?: string): Fault | undefined {
    const entry = this.#faults.find(
      ({ fault }) =>
        kinds.includes(fault.kind) &&
        (fault.file === undefined || fault.file === file) &&
        (command === undefined || (fault.command ?? 'RETR') === command),
    );
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left === 0) this.#faults = this.#faults.filter((other) => other !== entry);
    return entry.fault;
  }
}
