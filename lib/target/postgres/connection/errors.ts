import { type ErrorName, NightfeedError } from '../../../core/errors.ts';
import { shownText } from '../../../core/shown-text.ts';
import { missingGrant } from './missing-right.ts';
import { adviceForRefusedRow, describeRefusedRow, type RefusedRow, UNIQUE_VIOLATION } from './refused-row.ts';

/**
 * Any failure of PostgreSQL or of the way to it under its name of ours; `role` is who was refused. What may hold vendor data goes
 * into `details`.
 */
export function databaseError(thrown: unknown, role?: string): NightfeedError {
  if (thrown instanceof NightfeedError) return thrown;
  if (isServerError(thrown)) return serverError(thrown, role);
  const error: NodeJS.ErrnoException = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = error.code ?? '';
  if (tlsCode.test(code))
    return new NightfeedError('DATABASE_REFUSED', `PostgreSQL's certificate is not trusted: ${error.message}`, {
      hint: tlsHint,
    });
  if (isConnectionError(error))
    return new NightfeedError('DATABASE_UNAVAILABLE', `no connection to PostgreSQL: ${error.message || code}`, {
      cause: error,
    });
  return new NightfeedError('UNFORESEEN', error.message, { cause: error });
}

/** Whether nothing more can be asked over the connection that failed so. */
export function isConnectionError(thrown: unknown): boolean {
  const { code = '', syscall } = thrown as NodeJS.ErrnoException;
  // A socket file that is absent has the code of any absent file.
  return connectionCode.test(code) || tlsCode.test(code) || syscall === 'connect';
}

/** The five characters that PostgreSQL gave a failure, through our own error too; '' when the failure is not PostgreSQL's. */
export function sqlState(thrown: unknown): string {
  const inner = thrown instanceof NightfeedError ? thrown.details : thrown;
  return isServerError(inner) ? inner.code : '';
}

/** `work` on a table, whose name a refusal of PostgreSQL's gets that has none itself, such as one of a value. */
export async function onTable<T>(table: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isNameless = error instanceof NightfeedError && isServerError(error.details) && !error.details.table_name;
    if (!isNameless || error.name !== 'DATABASE_REFUSED') throw error;
    const { hint, details } = error;
    throw new NightfeedError(error.name, `${table}: ${error.message}`, { hint, details });
  }
}

/** Whether PostgreSQL refused user or password. */
export function isLoginError(thrown: unknown): boolean {
  return /^28/.test(sqlState(thrown));
}

/** The constraint, or the unique index, whose value was there already; null for any other failure. */
export function violatedUnique(thrown: unknown): string | null {
  const inner = thrown instanceof NightfeedError ? thrown.details : thrown;
  return isServerError(inner) && inner.code === UNIQUE_VIOLATION ? (inner.constraint_name ?? null) : null;
}

/** Raised by the ledger's functions for a first load into a table that is not fresh. */
export const NOT_FRESH = 'NF001';
export const OTHER_TYPE = 'NF002';

interface ServerError extends RefusedRow {
  readonly message: string;
  readonly where?: string;
  /** The statement, as the library adds it. */
  readonly query?: string;
  readonly severity: string;
}

const tlsHint = 'Name the authority with sslrootcert=FILE in the database URL, or say what you accept with sslmode.';
const tlsCode = /^(ERR_TLS|ERR_SSL|EPROTO$|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERROR_IN_CERT|HOSTNAME_)/;
/** Of Node's sockets, and of the client library when it loses or cannot open one. */
const connectionCode =
  /^(ECONN|ENOTFOUND$|EPIPE$|ETIMEDOUT$|EHOSTUNREACH$|ENETUNREACH$|EAI_|CONNECT_TIMEOUT$|CONNECTION_)/;

/** SQLSTATE, appendix A of PostgreSQL's manual. 25006 is a writer that became a reader in a fail-over. */
const unavailable = /^(08|57P0|53300|25006|25P03)/;
/** Lock time-out, serialization failure, deadlock. */
const locked = /^(55P03|40001|40P01)$/;
/** A limit of the program: of columns, or of what a row may hold on its page. */
const tooWide = /^540(00|11)$/;
/** A value that a type refuses; PostgreSQL's text quotes it. */
const aboutValue = /^22/;
/** A row that a constraint refuses. */
const aboutRow = /^23/;
/** Raised by somebody's function: its text may quote anything. */
const raised = /^P0/;
/** A table, function, operator, type or schema of this name is not to be found. */
const unknownName = /^(42P01|42883|42704|3F000)$/;
/** Characters of what PostgreSQL says: its own texts are shorter, but for what they quote. */
const MAX_SAID = 1000;
const UNDEFINED_TABLE = '42P01';
/** A missing table has no field of its own; the server says its name in its own language, with that language's quotes. */
const namesLedger = /(?<![\w.])nightfeed\.\w/;
const INSUFFICIENT_PRIVILEGE = '42501';

function serverError(error: ServerError, role: string | undefined): NightfeedError {
  const name = nameOf(error);
  const hint = hintFor(error, role);
  return new NightfeedError(name, messageOf(error), {
    details: error,
    ...(hint && name === 'DATABASE_REFUSED' ? { hint } : {}),
  });
}

function hintFor(error: ServerError, role: string | undefined): string | null | undefined {
  if (aboutRow.test(error.code)) return adviceForRefusedRow(error);
  if (unknownName.test(error.code) && functionOf(error)) return pathHint;
  const grant = error.code === INSUFFICIENT_PRIVILEGE && role !== undefined ? missingGrant(error, role) : undefined;
  return grant === undefined
    ? hints[error.code]
    : `Have the owner run \`${grant};\`, then run the same command again. \`nightfeed doctor FEED.yaml\` names all rights that are missing.`;
}

function nameOf(error: ServerError): ErrorName {
  if (unavailable.test(error.code)) return 'DATABASE_UNAVAILABLE';
  if (locked.test(error.code)) return 'DATABASE_LOCKED';
  if (tooWide.test(error.code)) return 'TOO_WIDE';
  if (error.code === UNDEFINED_TABLE && namesLedger.test(error.message)) return 'LEDGER_MISSING';
  return 'DATABASE_REFUSED';
}

function messageOf(error: ServerError): string {
  const { code, message, where = '' } = error;
  if (aboutRow.test(code)) return describeRefusedRow(error);
  if (aboutValue.test(code)) {
    const place = /, line \d+(, column [^:]+)?/.exec(where)?.[0] ?? '';
    return `PostgreSQL refused a value (${code})${place}`;
  }
  if (raised.test(code)) {
    return `PostgreSQL: ${functionOf(error) ?? 'a function'} stopped the statement (${code})`;
  }
  const said = shownText(message, MAX_SAID);
  if (unknownName.test(code) && functionOf(error)) return `PostgreSQL: ${functionOf(error)}: ${said} (${code})`;
  return `PostgreSQL: ${said} (${code})`;
}

/** The innermost function that the statement called, such as that of a trigger. */
function functionOf({ where = '' }: ServerError): string | undefined {
  return /\b(PL\/\w+|SQL) function \S+( line \d+)?/.exec(where)?.[0];
}

const pathHint =
  'Functions run under `search_path = pg_catalog, pg_temp` here, so that nobody can slip one of his own under a name. Write the schema before the name in that function, or give it the path that it needs: `ALTER FUNCTION … SET search_path = …`.';

const hints: Record<string, string> = {
  '28P01': 'Check user and password of the database.',
  '28000': 'Check user, password and pg_hba.conf of the database.',
  '3D000': 'Create the database, or correct its name in the URL.',
  '42501':
    'Give the role of the database URL the missing right; where only an owner may do it, run `nightfeed migrate FEED.yaml` as that role.',
  '42P01': 'Run `nightfeed migrate FEED.yaml`.',
  '57014':
    'It took too long, or an administrator stopped it. Look at what the server was busy with, then run the same command again.',
  '53100': 'Free disk space on the database server, then run the same command again.',
};

function isServerError(thrown: unknown): thrown is ServerError {
  const error = thrown as Partial<ServerError> | null;
  return typeof error?.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) && typeof error.severity === 'string';
}
