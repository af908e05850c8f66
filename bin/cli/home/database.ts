import { type EmbeddedPostgres, joinEmbeddedPostgres } from '../../../lib/local/embedded-postgres/join.ts';
import type { Address } from '../../../lib/target/postgres/connection/session.ts';

/** Where the database is that a command works in. */
interface Database {
  readonly address: Address;
  /** Stops the embedded one when nobody else uses it. */
  leave(): Promise<void>;
}

/** The database that was given, or else the embedded one of the home, which starts when its address is asked for. */
export function databaseFor(given: string | undefined, embedded: Parameters<typeof joinEmbeddedPostgres>[0]): Database {
  if (given) return { address: given, leave: async () => {} };
  let joined: Promise<EmbeddedPostgres> | undefined;
  const address = async () => {
    joined ??= joinEmbeddedPostgres(embedded);
    return (await joined).url;
  };
  // Who could not join has nothing to leave, and heard why when it asked.
  const leave = async () =>
    joined?.then(
      (server) => server.leave(),
      () => {},
    );
  return { address, leave };
}
