import { z } from 'zod';
import { NightfeedError } from '../errors.ts';

/** Fields of a database's secret as RDS writes it. Others (engine, cluster) are ignored. */
const databaseSecret = z.object({
  host: z.string().min(1),
  port: z.coerce.number().int().default(5432),
  dbname: z.string().min(1).default('postgres'),
  username: z.string().min(1),
  password: z.string(),
  sslmode: z.string().optional(),
  sslrootcert: z.string().optional(),
});

type DatabaseSecret = z.output<typeof databaseSecret>;

/** User and password of a database's secret. Throws SECRET_MISSING, which names keys and no values. */
export function readDatabaseSecret(text: string): DatabaseSecret {
  const read = databaseSecret.safeParse(jsonOf(text));
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => issue.path.join('.') || 'no JSON object').join(', ');
  throw new NightfeedError('SECRET_MISSING', `the database's secret lacks: ${faults}`, {
    hint: 'It needs host, port, dbname, username and password, as RDS writes them.',
  });
}

/** The secret of another login at the same database. */
export function secretOf(username: string, password: string, database: DatabaseSecret): string {
  return JSON.stringify({ ...database, username, password });
}

/** The password, if the secret is this login's at this database; otherwise undefined. */
export function passwordIn(text: string, username: string, database: DatabaseSecret): string | undefined {
  const { success, data } = databaseSecret.safeParse(jsonOf(text));
  if (!success || secretOf(username, data.password, database) !== secretOf(data.username, data.password, data)) return;
  return data.password;
}

/**
 * Seconds that a login in the cloud may take: Aurora at 0 ACU takes about 15 s to resume, and 30 s or longer when it was paused for
 * more than a day (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html, November 2026).
 */
const RESUME_SECONDS = 60;

/** The secret as a URL. Without `sslmode` TLS is verified fully, unless the connection is local. */
export function databaseUrl(text: string): string {
  const { host, port, dbname, username, password, sslmode, sslrootcert } = readDatabaseSecret(text);
  const url = new URL(`postgres://${host.includes(':') ? `[${host}]` : host}:${port}/${encodeURIComponent(dbname)}`);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  url.searchParams.set('connect_timeout', String(RESUME_SECONDS));
  if (sslmode) url.searchParams.set('sslmode', sslmode);
  if (sslrootcert) url.searchParams.set('sslrootcert', sslrootcert);
  return url.href;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
