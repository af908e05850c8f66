import { z } from 'zod';
import { columnTypeSchema } from './column-type.ts';
import { isIdentifier, reservedColumns } from './identifier.ts';

/** `5%`, `-20%`, `+50%` as a fraction. */
const percent = z
  .string()
  .regex(/^[+-]?\d+(\.\d+)?%$/, 'expected a percentage such as 5% or -20%')
  .transform((text) => Number.parseFloat(text) / 100);

const durationUnits = { s: 1, m: 60, h: 3600 } as const;

/** `60s`, `5m`, `1h` in seconds. */
const duration = z
  .string()
  .regex(/^\d+[smh]$/, 'expected a duration such as 60s, 5m or 1h')
  .transform((text) => Number.parseInt(text, 10) * durationUnits[text.slice(-1) as keyof typeof durationUnits]);

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 02:00');

const timezone = z.string().refine(isTimezone, 'expected an IANA time zone such as America/New_York');

/** A secret is named, never written: `env:NAME` or `file:/path`. */
const secret = z.string().regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'expected env:NAME or file:/path, not the secret itself');

const schedule = z.strictObject({
  at: clock.describe('Time of day at which the night starts, in `timezone`.'),
  timezone: timezone.describe('IANA time zone; also decides which day is today.'),
  business_date: z
    .enum(['today', 'yesterday'])
    .default('today')
    .describe('Which day the delivery of a night describes.'),
  deadline: clock.optional().describe('Until when `run` waits for a delivery; after it the run is late.'),
});

const folderSource = z.strictObject({
  folder: z.string().min(1).describe('Folder with the files, relative to this feed file. `{date}` stands for the business date.'),
});

const ftpSource = z.strictObject({
  ftp: z.strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65535).default(21),
    user: z.string().min(1).default('anonymous'),
    password: secret.optional().describe('`env:NAME` or `file:/path`.'),
    tls: z
      .enum(['none', 'explicit', 'implicit'])
      .default('none')
      .describe('`explicit` is AUTH TLS on the normal port; certificates are always verified.'),
    path: z.string().min(1).default('/').describe('Folder on the server. `{date}` stands for the business date.'),
  }),
});

const format = z.strictObject({
  type: z.enum(['csv']).default('csv'),
  delimiter: z
    .string()
    .regex(/^[\t -~]$/, 'expected one ASCII character')
    .default(','),
  quote: z
    .string()
    .regex(/^[!-~]?$/, 'expected one ASCII character, or "" for none')
    .default('"'),
  header: z.boolean().default(true).describe('Whether each file starts with the column names.'),
  encoding: z.enum(['utf-8']).default('utf-8'),
  null_values: z
    .array(z.string().regex(/^[^\r\n]*$/, 'expected text without line ends'))
    .default([''])
    .describe('Unquoted fields that mean null. With [] nothing is null.'),
});

const column = z.strictObject({
  type: columnTypeSchema,
  key: z.boolean().default(false).describe('Part of the primary key.'),
  required: z.boolean().default(false).describe('A row with null here is rejected.'),
  compare: z.boolean().default(true).describe('false: a change of this column alone is no change.'),
});

const columnOrType = z.union([column, columnTypeSchema.transform((type) => column.parse({ type }))]);

const guards = z.strictObject({
  gone: percent.prefault('5%').describe('Largest share of the base rows that may vanish.'),
  updated: percent.prefault('30%').describe('Largest share of the base rows that may change.'),
  rejected: percent.prefault('0.1%').describe('Largest share of the delivered rows that may be rejected.'),
  rows: z.tuple([percent, percent]).prefault(['-20%', '+50%']).describe('Smallest and largest growth of the row count.'),
  min_rows: z.int().min(0).default(1000).describe('Percentages are not judged while the base has fewer rows.'),
});

const table = z.strictObject({
  files: z.string().min(1).describe('Pattern of file names with * and ?; several files make one table.'),
  format: format.prefault({}),
  columns: z.record(z.string(), columnOrType),
  on_delete: z.enum(['retain', 'delete']).default('retain').describe('What happens to a row that the vendor no longer sends.'),
  history: z.boolean().default(false).describe('Keep closed versions in `<table>_history`.'),
  guards: guards.prefault({}),
});

/** The feed file: type, validator, JSON Schema of the editors and reference page in one. */
export const feedSchema = z
  .strictObject({
    feed: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected lower-case letters, digits and dashes, at most 40')
      .describe('Name of the feed; part of every key and run id.'),
    schedule: schedule.optional(),
    source: z.union([folderSource, ftpSource]),
    ready: z
      .strictObject({
        stable: duration.prefault('60s').describe('Size and time must not change for this long.'),
        marker: z.string().min(1).optional().describe('Pattern of a file that the vendor writes last.'),
      })
      .prefault({}),
    expect: z.int().min(1).optional().describe('Number of files in a whole delivery; fewer hold the run.'),
    target: z
      .strictObject({
        schema: z
          .string()
          .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'expected a PostgreSQL schema in lower case')
          .refine((name) => !/^(nightfeed|pg_|information_schema$)/.test(name), 'this schema is reserved')
          .default('public'),
      })
      .prefault({}),
    engine: z.enum(['auto', 'duckdb', 'lockstep', 'spark']).default('auto'),
    tables: z
      .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'expected lower-case letters, digits and _, at most 40'), table)
      .refine((tables) => Object.keys(tables).length > 0, 'expected at least one table'),
  })
  .superRefine(checkTables);

export type Feed = z.output<typeof feedSchema>;
export type Table = Feed['tables'][string];
export type Format = Table['format'];
export type Guards = Table['guards'];
type ColumnOptions = Table['columns'][string];

/** A column with its name, in declared order. */
export type Column = ColumnOptions & { readonly name: string };

export function columnsOf(table: Table): Column[] {
  return Object.entries(table.columns).map(([name, options]) => ({ name, ...options }));
}

function checkTables(feed: { tables: Record<string, z.output<typeof table>> }, context: z.RefinementCtx): void {
  for (const [name, spec] of Object.entries(feed.tables)) {
    const complain = (message: string, ...path: string[]) =>
      context.addIssue({ code: 'custom', message, path: ['tables', name, ...path] });
    const { delimiter, quote } = spec.format;
    if (delimiter === quote) complain('delimiter and quote must differ', 'format', 'quote');
    if (spec.format.null_values.some((text) => text.includes(delimiter) || (quote !== '' && text.includes(quote)))) {
      complain('a null value cannot hold the delimiter or the quote', 'format', 'null_values');
    }
    if (feed.tables[`${name}_history`] && spec.history) complain(`its history table would be ${name}_history, which is declared too`);
    checkColumns(spec, complain);
  }
}

/** PostgreSQL: at most 1600 columns, and 8160 bytes a row for what cannot move out of line. */
const MAX_COLUMNS = 1590;
const MAX_INLINE_BYTES = 8000;
const inlineBytes = (type: string): number => (type === 'uuid' ? 16 : /^(text|json|decimal)/.test(type) ? 18 : 8);

function checkColumns(spec: z.output<typeof table>, complain: (message: string, ...path: string[]) => void): void {
  const names = Object.keys(spec.columns);
  if (!Object.values(spec.columns).some((column) => column.key)) complain('expected at least one column with key: true', 'columns');
  if (names.length > MAX_COLUMNS) complain(`${names.length} columns; PostgreSQL allows ${MAX_COLUMNS}`, 'columns');
  const inline = Object.values(spec.columns).reduce((sum, column) => sum + inlineBytes(column.type), 0);
  if (inline > MAX_INLINE_BYTES) complain(`rows of ${inline} bytes; PostgreSQL allows ${MAX_INLINE_BYTES}`, 'columns');
  const seen = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (!isIdentifier(name)) complain('expected a name of 1 to 63 bytes without control characters', 'columns', name);
    if (reservedColumns.has(folded)) complain('this name is reserved for a column that nightfeed adds', 'columns', name);
    if (seen.has(folded)) complain('another column has this name but for upper and lower case', 'columns', name);
    seen.add(folded);
    if (spec.columns[name]!.key && !spec.columns[name]!.compare) complain('a key column is always compared', 'columns', name, 'compare');
    if (spec.columns[name]!.key && spec.columns[name]!.type === 'json') complain('json cannot be a key', 'columns', name, 'type');
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
