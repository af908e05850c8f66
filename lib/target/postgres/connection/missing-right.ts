import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import { calledByAll, calledOnRuns } from '../ledger/login-rights.ts';

/** What PostgreSQL says of a right that is missing (42501). */
interface Refusal {
  readonly message: string;
  /** The statement that was refused. */
  readonly query?: string;
}

/** The statement that gives a role the right that it lacks, for whoever owns the object; undefined when that cannot be told. */
export function missingGrant({ message, query = '' }: Refusal, role: string): string | undefined {
  const [, kind, name = ''] = /^permission denied for (\w+) "?([^"]+)"?$/.exec(message) ?? [];
  const to = `TO ${quoteIdentifier(role)}`;
  if (kind === 'database') return `GRANT CREATE ON DATABASE ${quoteIdentifier(name)} ${to}`;
  if (kind === 'schema')
    return `GRANT ${isMaking(query) ? 'USAGE, CREATE' : 'USAGE'} ON SCHEMA ${quoteIdentifier(name)} ${to}`;
  if (kind === 'function') return `GRANT EXECUTE ON FUNCTION ${functionsFor(name, query)} ${to}`;
  if (kind !== 'table' && kind !== 'view') return undefined;
  return `GRANT ${rightsOn(name, query)} ON ${qualified(name, query)} ${to}`;
}

/** Who lacks one of those on runs lacks all of them, and a heartbeat that fails for it tells nobody. */
function functionsFor(name: string, query: string): string {
  const onRuns = [...calledOnRuns, 'note_steps', 'drop_stage', ...calledByAll];
  return onRuns.includes(name) ? onRuns.map((each) => `nightfeed.${each}`).join(', ') : qualified(name, query);
}

const isMaking = (query: string) => /\bCREATE\b/.test(query);

/** With its schema, as the statement has it; PostgreSQL names the object alone. */
function qualified(name: string, query: string): string {
  const [, schema] =
    new RegExp(`("[^"]+"|[a-z_]\\w*)\\."?${name.replace(/[^\w]/g, '\\$&')}"?(?!\\w)`).exec(query) ?? [];
  return schema === undefined ? quoteIdentifier(name) : `${schema}.${quoteIdentifier(name)}`;
}

/** A table of the feed is read and written; of the ledger's the role gets no more than the statement needs. */
function rightsOn(name: string, query: string): string {
  if (!qualified(name, query).startsWith('nightfeed.')) return 'SELECT, INSERT, UPDATE, DELETE';
  const needs = { INSERT: 'INSERT INTO', UPDATE: 'UPDATE', DELETE: 'DELETE FROM' };
  const more = Object.entries(needs).filter(([, verb]) => query.includes(`${verb} nightfeed.${name}`));
  const locks = /\bFOR UPDATE\b|\bDO UPDATE\b/.test(query) ? ['UPDATE'] : [];
  return [...new Set(['SELECT', ...more.map(([right]) => right), ...locks])].join(', ');
}
