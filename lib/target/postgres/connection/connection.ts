import { readFileSync } from 'node:fs';
import { connect as connectSocket, isIPv4, type Socket } from 'node:net';
import postgres from 'postgres';
import { NightfeedError } from '../../../core/errors.ts';

/** A client of the library's that has one connection and never another. */
export interface Link {
  readonly sql: postgres.Sql;
  /** How long the login may take, in milliseconds. */
  readonly loginMs: number;
  /** At once, and without a word to the server, which may hear nothing any more. */
  destroy(): void;
}

/**
 * The connection is opened by the first statement. TLS is verified fully, except over loopback or a socket, or when the URL
 * says `sslmode`. `lost` is called when the connection has closed: left alone, the library would go on silently on a new
 * one, outside the transaction.
 *
 * What is set here is set for the session, and therefore only what pgbouncer keeps apart for each of its clients.
 */
export function connect(url: string, lost: () => void): Link {
  let socket: Promise<Socket> | undefined;
  let isDestroyed = false;
  const target = parse(url);
  const host = target.searchParams.get('host') ?? decodeURIComponent(target.hostname.replace(/^\[|\]$/g, ''));
  const port = Number(target.port || 5432);
  const seconds = Number(target.searchParams.get('connect_timeout') ?? CONNECT_SECONDS);
  const options = {
    host: host || 'localhost',
    port,
    database: decodeURIComponent(target.pathname.slice(1)),
    user: decodeURIComponent(target.username),
    password: decodeURIComponent(target.password),
    ssl: tlsOf(target, host),
    connect_timeout: seconds,
    socket: () => {
      if (socket || isDestroyed) throw closed();
      socket = openSocket(host || 'localhost', port, seconds);
      return socket;
    },
    keep_alive: KEEP_ALIVE_SECONDS,
    max: 1,
    idle_timeout: 0,
    // The default closes a connection after 30 to 60 minutes, in the middle of a long load.
    max_lifetime: 0,
    fetch_types: false,
    onnotice: () => {},
    onclose: lost,
    types,
    connection: {
      application_name: target.searchParams.get('application_name') ?? 'nightfeed',
      ...(target.searchParams.has('options') ? { options: target.searchParams.get('options') } : {}),
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
      standard_conforming_strings: 'on',
    },
  };
  // An absent part is left to the library, which knows the operating system's user.
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== ''));
  return {
    sql: postgres(given as postgres.Options<Record<string, postgres.PostgresType>>) as postgres.Sql,
    loginMs: seconds * 1000,
    destroy() {
      isDestroyed = true;
      socket?.then((open) => open.destroy()).catch(() => {});
    },
  };
}

const CONNECT_SECONDS = 10;
/** Until the first probe. A NAT of AWS forgets a silent connection after 350 s, a firewall sooner. */
const KEEP_ALIVE_SECONDS = 10;

/** Business dates stay text; the library would make instants of them. */
const types = {
  date: { to: 1082, from: [1082], serialize: (day: string) => day, parse: (day: string) => day },
  timestamptz: {
    to: 1184,
    from: [1184],
    serialize: (at: Date) => at.toISOString(),
    parse: (text: string) => new Date(text),
  },
};

/** Without Nagle's algorithm: the library ends a COPY in a packet of its own, which would wait 40 ms for an acknowledgement. */
function openSocket(host: string, port: number, seconds: number): Promise<Socket> {
  const place = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port, noDelay: true };
  return new Promise((resolve, reject) => {
    const socket = connectSocket(place);
    const timer = setTimeout(() => socket.destroy(timedOut(host, port, seconds)), seconds * 1000);
    socket.once('error', reject);
    socket.once('close', () => clearTimeout(timer));
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', reject);
      // Where the library looks for the name that TLS asks for.
      resolve(Object.assign(socket, { host }));
    });
  });
}

const closed = () => Object.assign(new Error('the server closed the connection'), { code: 'CONNECTION_CLOSED' });

const timedOut = (host: string, port: number, seconds: number) =>
  Object.assign(new Error(`${host}:${port} did not answer within ${seconds} s`), { code: 'ETIMEDOUT' });

const parameters = ['host', 'sslmode', 'sslrootcert', 'connect_timeout', 'application_name', 'options'];
const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];

function parse(url: string): URL {
  if (!URL.canParse(url)) throw usage('the database URL cannot be read', 'postgres://user:password@host:5432/database');
  const target = new URL(url);
  if (!/^postgres(ql)?:$/.test(target.protocol))
    throw usage(`the database URL starts with ${target.protocol}`, 'postgres:// or postgresql://');
  const unknown = [...target.searchParams.keys()].filter((name) => !parameters.includes(name));
  if (unknown.length > 0)
    throw usage(`the database URL has the parameter ${unknown.join(', ')}`, parameters.join(', '));
  return target;
}

const usage = (received: string, allowed: string) => new NightfeedError('USAGE', `${received}; expected ${allowed}`);

function tlsOf(
  target: URL,
  host: string,
): false | 'prefer' | 'require' | { rejectUnauthorized: true; host: string; ca?: string } {
  const mode = target.searchParams.get('sslmode') ?? (isLocal(host) ? 'disable' : 'verify-full');
  if (!sslModes.includes(mode)) throw usage(`sslmode=${mode} in the database URL`, sslModes.join(', '));
  if (mode === 'disable') return false;
  if (mode === 'prefer' || mode === 'require') return mode;
  const root = target.searchParams.get('sslrootcert');
  // `host` is what the certificate must name; the library leaves it out for an IP address.
  return { rejectUnauthorized: true, host, ...(root && root !== 'system' ? { ca: readRoot(root) } : {}) };
}

function readRoot(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new NightfeedError('USAGE', `sslrootcert=${path} in the database URL cannot be read`, { cause });
  }
}

function isLocal(host: string): boolean {
  return (
    host === '' ||
    host === 'localhost' ||
    host === '::1' ||
    (isIPv4(host) && host.startsWith('127.')) ||
    host.startsWith('/')
  );
}
