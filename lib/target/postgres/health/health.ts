import type { Feed } from '../../../core/feed/spec.ts';
import type { DatabaseHealth } from '../../../ports/database-health.ts';
import { ledgerLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { lackedRights } from './lacked-rights.ts';

/** What a feed's nights will find here; changes nothing. */
export async function databaseHealth(db: Connection, feed: Feed): Promise<DatabaseHealth> {
  return transaction(db, ledgerLimits, async () => {
    await db.script('SET TRANSACTION READ ONLY');
    const [found] = await db.script<Omit<DatabaseHealth, 'lacks'>>(healthSql);
    const { role, database } = found!;
    return { ...found!, lacks: await lackedRights(db, feed, { role, database }) };
  });
}

/** Every connection of a database is counted in its statistics, also those that this role may not look at. */
const healthSql = `
SELECT pg_catalog.current_setting('server_version') AS version,
  pg_catalog.current_setting('server_version_num')::pg_catalog.int4 / 10000 AS major,
  d.datname AS database, r.rolname AS role,
  pg_catalog.current_setting('server_encoding') AS encoding,
  pg_catalog.pg_is_in_recovery() OR pg_catalog.current_setting('default_transaction_read_only')::pg_catalog.bool AS "isReadOnly",
  pg_catalog.current_setting('track_counts')::pg_catalog.bool AS "countsRows",
  LEAST(
    pg_catalog.current_setting('max_connections')::pg_catalog.float8
      - pg_catalog.current_setting('superuser_reserved_connections')::pg_catalog.float8
      - coalesce(pg_catalog.current_setting('reserved_connections', true)::pg_catalog.float8, 0)
      - (SELECT pg_catalog.sum(numbackends)::pg_catalog.float8 FROM pg_catalog.pg_stat_database),
    nullif(d.datconnlimit, -1)
      - (SELECT numbackends::pg_catalog.float8 FROM pg_catalog.pg_stat_database s WHERE s.datid = d.oid),
    nullif(r.rolconnlimit, -1)
      - (SELECT pg_catalog.count(*)::pg_catalog.float8 FROM pg_catalog.pg_stat_activity a WHERE a.usesysid = r.oid)
  ) AS "freeConnections"
FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
WHERE d.datname = pg_catalog.current_database() AND r.rolname = current_user`;
