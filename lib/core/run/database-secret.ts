import { z } from 'zod';
import { NightfeedError } from '../errors.ts';

/** What RDS writes into a database's secret; the rest of it (engine, cluster) is not looked at. */
const databaseSecret = z.object({
  host: z.string().min(1),
  port: z.coerce.number().int().default(5432),
  dbname: z.string().min(1).default('postgres'),
  username: z.string().min(1),
  password: z.string(),
  sslmode: z.string().optional(),
  sslrootcert: z.string().optional(),
});

/** User and password of a database's secret. Throws SECRET_MISSING, which names keys and no values. */
export function readDatabaseSecret(text: string): z.output<typeof databaseSecret> {
  const read = databaseSecret.safeParse(jsonOf(text));
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => issue.path.join('.') || 'no JSON object').join(', ');
  throw new NightfeedError('SECRET_MISSING', `the database's secret lacks: ${faults}`, {
    hint: 'It needs host, port, dbname, username and password, as RDS writes them.',
  });
}

/** The same as a URL. Without `sslmode` the connection is verified fully, unless it is local. */
export function databaseUrl(text: string): string {
  const { host, port, dbname, username, password, sslmode, sslrootcert } = readDatabaseSecret(text);
  const url = new URL(`postgres://${host.includes(':') ? `[${host}]` : host}:${port}/${encodeURIComponent(dbname)}`);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
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
