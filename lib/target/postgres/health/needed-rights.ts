import { calledByAll, loginRights } from '../ledger/login-rights.ts';

/** Something that a role may be allowed to do; `name` is a table, a function or a column, in `schema`. */
export interface Right {
  readonly on: 'database' | 'schema' | 'table' | 'column' | 'function';
  readonly schema?: string;
  readonly name?: string;
  /** Of a column, its table. */
  readonly table?: string;
  readonly right: 'CREATE' | 'USAGE' | 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'EXECUTE';
}

const rights = Object.values(loginRights);
const all = (names: readonly (readonly string[])[]) => [...new Set(names.flat())].sort();

/** What a role needs that does everything here for which a deployment has a login each, and what only a machine of one's own does. */
const reads = all([...rights.map((login) => login.reads), ['missed', 'pickup_log']]);
const calls = all([calledByAll, ...rights.map((login) => login.calls)]);
const writes = {
  feed: ['INSERT', 'UPDATE'],
  run: ['INSERT', 'UPDATE'],
  applied_table: ['INSERT', 'UPDATE'],
  quarantine: ['INSERT', 'UPDATE', 'DELETE'],
  outbox: ['INSERT', 'UPDATE'],
  outbox_channel: ['INSERT', 'UPDATE'],
  missed: ['INSERT'],
  pickup_log: ['INSERT', 'UPDATE'],
} as const;

/** On the ledger, once it is there. docs/vm.md has the same as GRANTs. */
export const ledgerRights: readonly Right[] = [
  { on: 'schema', schema: 'nightfeed', right: 'USAGE' },
  { on: 'schema', schema: 'nightfeed_stage', right: 'USAGE' },
  { on: 'schema', schema: 'nightfeed_stage', right: 'CREATE' },
  ...reads.map((name) => ({ on: 'table', schema: 'nightfeed', name, right: 'SELECT' }) as const),
  ...Object.entries(writes).flatMap(([name, each]) =>
    each.map((right) => ({ on: 'table', schema: 'nightfeed', name, right }) as const),
  ),
  // A feed file may turn a history off.
  { on: 'column', schema: 'nightfeed', table: 'target_table', name: 'history', right: 'UPDATE' },
  ...calls.map((name) => ({ on: 'function', schema: 'nightfeed', name, right: 'EXECUTE' }) as const),
];

/** On a table of the feed, or a history, that is there. */
export function rowRights(schema: string, name: string): Right[] {
  return (['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const).map((right) => ({ on: 'table', schema, name, right }));
}
