import { NightfeedError } from '../../../core/errors.ts';
import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import { calledCode, foreignAmong } from '../tables/foreign-code-sql.ts';

/** The part of a connection that is needed for the check. */
interface Asking {
  query<Row>(text: string, parameters: readonly []): Promise<Row[]>;
}

/**
 * Runs before the first statement that names the ledger. Whoever owns a schema, a table or a function of it, or a function that one
 * of its tables calls, gets our rights as soon as we use it. A role with CREATE on the database can make these schemas before
 * us. Throws LEDGER_FOREIGN unless the owner has our rights anyway.
 */
export async function requireOwnLedger(db: Asking): Promise<void> {
  const found = await db.query<{ what: string; owner: string; us: string }>(foreignSql, []);
  const [first] = found;
  if (!first) return;
  const [owner, us] = [quoteIdentifier(first.owner), quoteIdentifier(first.us)];
  throw new NightfeedError(
    'LEDGER_FOREIGN',
    `${found.map(({ what, owner: whose }) => `${what} belongs to ${quoteIdentifier(whose)}`).join(', ')}; expected ${us}, or a role that may act as ${us}`,
    {
      hint: `Nothing of it was used. If nobody of yours made it, have an administrator drop it. If ${owner} is to be trusted with all that ${us} may do: \`GRANT ${us} TO ${owner};\`. Else log in as ${owner}.`,
    },
  );
}

/** Number of names in a message. */
const MOST = 5;

const foreignSql = `
WITH relation AS (
  SELECT c.oid, c.relowner FROM pg_class c WHERE c.relnamespace = to_regnamespace('nightfeed')
), owned AS (
  SELECT 'schema ' || quote_ident(nspname) AS what, nspowner AS owner FROM pg_namespace WHERE nspname IN ('nightfeed', 'nightfeed_stage')
  UNION SELECT oid::regclass::text, relowner FROM relation
  UNION SELECT 'function ' || oid::regprocedure, proowner FROM pg_proc WHERE pronamespace = to_regnamespace('nightfeed')
  UNION SELECT what || ' of ' || relation::regclass, owner FROM (${calledCode('relation')}) AS code
)
SELECT what, owner_name AS owner, our_name AS us FROM (${foreignAmong('SELECT * FROM owned')}) AS found ORDER BY what LIMIT ${MOST}`;
