import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { describe, inject } from 'vitest';
import { POSTGRES_15, type PostgresVersion, postgresVersions } from './throwaway-server.ts';

export { type PostgresVersion, postgresVersions };

export interface FreshDatabase {
  /** With a superuser and its password. */
  readonly url: string;
  /** Also while others are connected. */
  drop(): Promise<void>;
}

/** A new, empty database on the run's server of that version, which the first caller starts. */
export async function freshDatabase(version: PostgresVersion = 17): Promise<FreshDatabase> {
  const answer = await fetch(`${inject('postgresServers')}/${version}`);
  const server = await answer.text();
  if (!answer.ok) throw new Error(`no PostgreSQL ${version} for tests: ${server}`);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `CREATE DATABASE ${name} STRATEGY file_copy`);
  return {
    url: Object.assign(new URL(server), { pathname: `/${name}` }).href,
    drop: () => execute(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** The same tests on every supported version; what is not installed is skipped and says so in its title. */
export function describePostgres(title: string, body: (version: PostgresVersion) => void): void {
  for (const version of [15, 17] as const) {
    if (postgresVersions.includes(version)) describe(`${title} (PostgreSQL ${version})`, () => body(version));
    else describe.skip(`${title} (PostgreSQL ${version}: skipped, no ${POSTGRES_15})`, () => body(version));
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
