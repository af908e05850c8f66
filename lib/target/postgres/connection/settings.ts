import type { Limits } from './limits.ts';

/** SET LOCAL only: a setting that outlives its transaction would be, behind a pooler, the next application's. */
export function beginText(limits: Partial<Limits>): string {
  return ['BEGIN ISOLATION LEVEL READ COMMITTED', OWN_NAMES, ...setLocal(meaning), ...limiting(limits)].join('; ');
}

/**
 * Before anything else. Everything that we do not qualify is PostgreSQL's own: a function, an operator or a type that somebody
 * made in `public`, or in a schema named like our role, would else be taken where it fits better, and run with our rights.
 */
const OWN_NAMES = 'SET LOCAL search_path = pg_catalog, pg_temp';

/** What decides on how values are read and written as text. A role or a database may have others of its own. */
const meaning = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
};

/** Statements for somebody else's session, to mean there what they mean in ours, all of them or none. */
export function inOurMeaning(statements: readonly string[]): string[] {
  return ['BEGIN;', `${[OWN_NAMES, ...setLocal(meaning)].join('; ')};`, ...statements, 'COMMIT;'];
}

const setLocal = (settings: Readonly<Record<string, string>>) =>
  Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = '${value}'`);

/** Where a limit is absent, that of the role or the database holds. */
function limiting({ lockMs, statementMs, idleMs, clientCheckMs }: Partial<Limits>): string[] {
  const times = Object.entries({
    lock_timeout: lockMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: idleMs,
  }).flatMap(([name, limit]) => (limit === undefined ? [] : [[name, `${limit}ms`] as const]));
  const set = setLocal(Object.fromEntries(times));
  return clientCheckMs === undefined ? set : [...set, ...setLocal(keepAlive), watchClient(clientCheckMs)];
}

/** Seconds: a backend that waits for rows of a client that is cut off without a word ends before half a minute is over. */
const keepAlive = { tcp_keepalives_idle: '10', tcp_keepalives_interval: '5', tcp_keepalives_count: '3' };

/** Not every platform of the server can look at its sockets; without it an orphan lives until its statement ends. */
function watchClient(milliseconds: number): string {
  return `DO $watch$ BEGIN PERFORM set_config('client_connection_check_interval', '${milliseconds}ms', true);
    EXCEPTION WHEN invalid_parameter_value THEN NULL; END $watch$`;
}
