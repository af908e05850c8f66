import { NightfeedError } from '../../core/errors.ts';
import type { Feed } from '../../core/feed/spec.ts';
import type { DatabaseHealth } from '../../ports/database-health.ts';
import type { Ports, Using } from '../../ports/ports.ts';
import type { LedgerFit } from '../../ports/target.ts';
import { Area, type Seen, type Tell } from './area.ts';

export type DatabasePorts = Pick<Ports, 'elapsed'> & Using<'target', 'health' | 'ledgerFit' | 'inspect'>;

/** Login and statements have limits of their own, which are longer than any answer of a server that works. */
const SECONDS = 90;

/** Looks at the server, at what the role may do, at the ledger and at the tables. Resolves to whether the ledger can be read. */
export async function examineDatabase(feed: Feed, { target, ...ports }: DatabasePorts, tell: Tell): Promise<boolean> {
  const area = new Area('database', { seconds: SECONDS, late: 'DATABASE_UNAVAILABLE' }, ports, tell);
  const health = await area.look(() => target.health(feed).then(answers));
  if (!health) return false;
  await area.look(async () => connections(health));
  if (!(await area.look(async () => rights(health)))) return false;
  const fit = await area.look(async () => ledger(await target.ledgerFit()));
  if (!fit) return false;
  await area.look(async () => tables(feed, await target.inspect(feed)));
  return fit === 'fits';
}

/** Versions that nightfeed is tested with. */
const OLDEST = 15;
const NEWEST = 18;

function answers(health: DatabaseHealth): Seen<DatabaseHealth> {
  const { version, major, database, role, encoding, isReadOnly, countsRows } = health;
  const found = `PostgreSQL ${version} lets ${role} into the database ${database}`;
  const refused = (what: string, hint: string) => new NightfeedError('DATABASE_REFUSED', `${found}: ${what}`, { hint });
  if (major < OLDEST)
    throw refused(`expected version ${OLDEST} or newer`, `Use a server of version ${OLDEST} to ${NEWEST}.`);
  if (encoding !== 'UTF8')
    throw refused(
      `its encoding is ${encoding}; expected UTF8`,
      'Make a database with ENCODING UTF8, and name it in the URL.',
    );
  if (isReadOnly)
    throw refused(
      'it only reads',
      'Name the primary server in the URL, and a role without default_transaction_read_only.',
    );
  if (!countsRows) throw new NightfeedError('DATABASE_SETTING', `${found}: track_counts is off`);
  if (major <= NEWEST) return { found, value: health };
  return { found, hint: `nightfeed is tested with PostgreSQL ${OLDEST} to ${NEWEST}.`, value: health };
}

/** The session, the publication, rows that are read back, and a look for what a COMMIT waits for; the session is open already. */
const MORE_CONNECTIONS = 3;

function connections({ freeConnections: free }: DatabaseHealth): Seen<true> {
  const found = `${free} more connections are free for this role`;
  if (free >= MORE_CONNECTIONS) return { found, value: true };
  return {
    found,
    hint: `A night opens up to ${MORE_CONNECTIONS} more: raise the limit, or end sessions that nobody uses.`,
    value: true,
  };
}

/** The statements that follow have all of them. */
const MOST_TOLD = 3;

function rights({ role, lacks }: DatabaseHealth): Seen<true> {
  if (lacks.length === 0) return { found: `${role} has all rights that nights need`, value: true };
  const told = lacks.slice(0, MOST_TOLD).map(({ right }) => right);
  const more = lacks.length > MOST_TOLD ? `; and rights on ${lacks.length - MOST_TOLD} more` : '';
  throw new NightfeedError('DATABASE_REFUSED', `${role} lacks ${told.join('; ')}${more}`, {
    hint: `Have the owner type:\n${lacks.map(({ remedy }) => remedy).join('\n')}`,
  });
}

function ledger(fit: LedgerFit): Seen<LedgerFit> {
  if (fit === 'newer')
    throw new NightfeedError('LEDGER_VERSION', 'only a newer nightfeed may write this ledger', {
      hint: 'Install a newer nightfeed: the one that migrated this ledger, or a later one.',
    });
  const found = {
    absent: 'there is no ledger yet; the first run makes it',
    older: 'the ledger is of an older version; the next run migrates it',
    fits: 'the ledger is there',
  }[fit];
  return { found, value: fit };
}

/** `inspect` throws for a table that is somebody else's, or differs from the feed file. */
function tables({ target }: Feed, standing: Awaited<ReturnType<DatabasePorts['target']['inspect']>>): Seen<true> {
  const told = Object.entries(standing).map(([name, { columns, filled }]) => {
    const what =
      columns.length === 0 ? 'is made by the next run' : filled ? 'is there with rows' : 'is there, and empty';
    return `${target.schema}.${name} ${what}`;
  });
  return { found: told.join(', '), value: true };
}
