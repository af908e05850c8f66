import type { Limits } from './limits.ts';

/** SET LOCAL only: behind a pooler, a setting that outlives its transaction would apply to another application. */
export function beginText(limits: Partial<Limits>): string {
  return ['BEGIN ISOLATION LEVEL READ COMMITTED', OWN_NAMES, ...setLocal(meaning), ...limiting(limits)].join('; ');
}

/**
 * Set before anything else, so that unqualified names mean PostgreSQL's own objects. A function, an operator or a type that somebody
 * made in `public`, or in a schema named like our role, would otherwise be chosen if it fits better, and run with our rights.
 */
const OWN_NAMES = 'SET LOCAL search_path = pg_catalog, pg_temp';

/** Settings that decide how values become text. A role or a database may have other defaults. */
const meaning = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
};

/** Statements for a person to run in another session, all of them or none, with the meaning that they have in ours. */
export function inOurMeaning(statements: readonly string[]): string[] {
  return ['BEGIN;', `${[OWN_NAMES, ...setLocal(meaning)].join('; ')};`, ...statements, 'COMMIT;'];
}

const setLocal = (settings: Readonly<Record<string, string>>) =>
  Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = '${value}'`);

/** Without a limit, that of the role or the database applies. */
function limiting({ lockMs, statementMs, idleMs, clientCheckMs }: Partial<Limits>): string[] {
  const times = Object.entries({
    lock_timeout: lockMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: idleMs,
  }).flatMap(([name, limit]) => (limit === undefined ? [] : [[name, `${limit}ms`] as const]));
  const set = setLocal(Object.fromEntries(times));
  return clientCheckMs === undefined ? set : [...set, ...setLocal(keepAlive), watchClient(clientCheckMs)];
}

/** Seconds. A backend that waits for rows of a vanished client ends within half a minute. */
const keepAlive = { tcp_keepalives_idle: '10', tcp_keepalives_interval: '5', tcp_keepalives_count: '3' };

/** Not every platform can check its sockets. Without that, an orphaned backend lives until its statement ends. */
function watchClient(milliseconds: number): string {
  return `DO $watch$ BEGIN PERFORM set_config('client_connection_check_interval', '${milliseconds}ms', true);
    EXCEPTION WHEN invalid_parameter_value THEN NULL; END $watch$`;
}
