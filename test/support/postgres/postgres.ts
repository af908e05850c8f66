import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { describe, inject } from 'vitest';
import { variantsOf } from '../variants.ts';
import { POSTGRES_15, type PostgresVersion, postgresVersions } from './throwaway-server.ts';

export type { PostgresVersion };

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
  return create(server, 'STRATEGY file_copy');
}

/** Another database that holds what this one holds, to which nobody may be connected. */
export async function copyDatabase({ url }: Pick<FreshDatabase, 'url'>): Promise<FreshDatabase> {
  const server = Object.assign(new URL(url), { pathname: '/postgres' }).href;
  return create(server, `TEMPLATE ${new URL(url).pathname.slice(1)} STRATEGY file_copy`);
}

/** The same tests on every supported version; what is not installed is skipped and says so in its title. */
export function describePostgres(title: string, body: (version: PostgresVersion) => void): void {
  for (const version of variantsOf([15, 17, 18] as const, (version) => version !== 17)) {
    if (postgresVersions.includes(version)) describe(`${title} (PostgreSQL ${version})`, () => body(version));
    else describe.skip(`${title} (PostgreSQL ${version}: skipped, no ${POSTGRES_15})`, () => body(version));
  }
}

async function create(server: string, how: string): Promise<FreshDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `CREATE DATABASE ${name} ${how}`);
  return {
    url: Object.assign(new URL(server), { pathname: `/${name}` }).href,
    drop: () => execute(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function execute(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
