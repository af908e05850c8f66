import { z } from 'zod';
import { allowedTypes, columnTypeSchema } from './column-type.ts';
import { isIdentifier, reservedColumns } from './identifier.ts';
import { clock, duration, growth, matching, secret, share, timezone } from './text-forms.ts';

const schedule = z.strictObject({
  at: clock.describe('Time of day at which the night starts, in `timezone`.'),
  timezone: timezone.describe('IANA time zone; also decides which day is today.'),
  business_date: z
    .enum(['today', 'yesterday'])
    .default('today')
    .describe('Which day the delivery of a night describes.'),
  deadline: clock
    .optional()
    .describe('Until when `run` waits for a delivery; after it the run is late. Without it `run` does not wait.'),
});

const folderSource = z.strictObject({
  folder: z
    .string()
    .min(1)
    .describe(
      'Folder with the files, relative to the feed file. `{date}` and `{yyyymmdd}` stand for the business date.',
    ),
});

const ftpSource = z.strictObject({
  ftp: z
    .strictObject({
      host: z.string().min(1).describe('Name or address of the server.'),
      port: z.int().min(1).max(65535).default(21).describe('Port of the control connection.'),
      user: z.string().min(1).default('anonymous').describe('Login name.'),
      password: secret
        .optional()
        .describe(
          'Where the password is: `env:NAME` for an environment variable, `file:/path` for the content of a file, `secret:NAME` in AWS Secrets Manager (`secret:NAME#key` for one key of a JSON secret).',
        ),
      tls: z
        .enum(['none', 'explicit', 'implicit'])
        .default('none')
        .describe('`explicit` is AUTH TLS on the normal port; certificates are always verified.'),
      path: z
        .string()
        .min(1)
        .default('/')
        .describe('Folder on the server. `{date}` and `{yyyymmdd}` stand for the business date.'),
    })
    .describe('A folder on an FTP or FTPS server.'),
});

const format = z.strictObject({
  type: z.enum(['csv']).default('csv').describe('Kind of file.'),
  delimiter: matching(/^[\t -~]$/, 'expected one ASCII character')
    .default(',')
    .describe('Character between two fields.'),
  quote: matching(/^[!-~]?$/, 'expected one ASCII character, or "" for none')
    .default('"')
    .describe('Character around a field that holds delimiters or line ends; doubled inside such a field. "" for none.'),
  header: z.boolean().default(true).describe('Whether each file starts with the column names.'),
  encoding: z.enum(['utf-8']).default('utf-8').describe('How text is stored; anything else in a file is refused.'),
  null_values: z
    .array(matching(/^[^\r\n]*$/, 'expected text without line ends'), { error: 'expected a list of texts' })
    .default([''])
    .describe('Unquoted fields that mean null. With [] nothing is null.'),
});

const column = z.strictObject({
  type: columnTypeSchema,
  key: z.boolean().default(false).describe('Part of the primary key.'),
  required: z.boolean().default(false).describe('A row with null here is rejected.'),
  compare: z.boolean().default(true).describe('false: a change of this column alone is no change.'),
});

const columnOrType = z.union([column, columnTypeSchema.transform((type) => column.parse({ type }))], {
  error: `${allowedTypes}, or {type: …} with key, required or compare`,
});

const aRange = 'expected two percentages, the lower first, such as [-20%, +50%]';

const guards = z.strictObject({
  gone: share.prefault('5%').describe('Largest share of the base rows that may vanish.'),
  updated: share.prefault('30%').describe('Largest share of the base rows that may change.'),
  rejected: share.prefault('0.1%').describe('Largest share of the delivered rows that may be rejected.'),
  rows: z
    .tuple([growth, growth], { error: aRange })
    .refine(([lowest, highest]) => lowest <= highest, aRange)
    .prefault(['-20%', '+50%'])
    .describe('Smallest and largest growth of the row count.'),
  min_rows: z.int().min(0).default(1000).describe('Percentages are not judged while the base has fewer rows.'),
});

const table = z.strictObject({
  files: z
    .string()
    .min(1)
    .describe(
      'Pattern of file names with * and ?; `{date}` and `{yyyymmdd}` stand for the business date. Several files make one table.',
    ),
  format: format.prefault({}).describe('How the bytes of the files become fields.'),
  columns: z
    .record(z.string(), columnOrType)
    .describe('The columns by name, in the order of the table. `name: text` is short for `name: {type: text}`.'),
  on_delete: z
    .enum(['retain', 'delete'])
    .default('retain')
    .describe('What happens to a row that the vendor no longer sends: it stays, stamped in `_gone_since`, or it goes.'),
  history: z.boolean().default(false).describe('Keep closed versions in `<table>_history`.'),
  guards: guards.prefault({}).describe('Limits that hold a night until somebody decides.'),
});

const aSchema = 'expected a PostgreSQL schema in lower case, none of nightfeed…, pg_… and information_schema';

/** The feed file: type, validator, JSON Schema of the editors and reference page in one. */
export const feedSchema = z
  .strictObject({
    feed: matching(/^[a-z][a-z0-9-]{0,39}$/, 'expected lower-case letters, digits and dashes, at most 40').describe(
      'Name of the feed; part of every key and run id.',
    ),
    schedule: schedule.optional().describe('When the night is, and which day it is about. Without it: the day in UTC.'),
    source: z
      .union([folderSource, ftpSource], { error: 'expected folder or ftp' })
      .describe('Where the vendor delivers: `folder` or `ftp`.'),
    ready: z
      .strictObject({
        stable: duration
          .prefault('60s')
          .describe('Size and time of each file must not change for this long. Older files need one look, others two.'),
        marker: z
          .string()
          .min(1)
          .optional()
          .describe('Pattern of a file that the vendor writes last; when it is there, nothing else is waited for.'),
      })
      .prefault({})
      .describe('When a delivery is complete.'),
    expect: z.int().min(1).optional().describe('Number of files in a whole delivery; fewer hold the run.'),
    target: z
      .strictObject({
        schema: matching(/^(?!nightfeed|pg_|information_schema$)[a-z_][a-z0-9_]{0,62}$/, aSchema)
          .default('public')
          .describe('Schema of the tables; created when it is absent.'),
      })
      .prefault({})
      .describe('Where the tables are.'),
    engine: z
      .enum(['auto', 'duckdb', 'lockstep', 'spark'])
      .default('auto')
      .describe(
        'What computes the changes; `auto` picks by what there is to compare. `spark` is not part of this version.',
      ),
    tables: z
      .record(matching(/^[a-z][a-z0-9_]{0,39}$/, 'expected lower-case letters, digits and _, at most 40'), table)
      .refine((tables) => Object.keys(tables).length > 0, 'expected at least one table')
      .describe('The tables by name; all of them are published in one transaction.'),
  })
  .superRefine(checkTables);

export type Feed = z.output<typeof feedSchema>;
export type Table = Feed['tables'][string];
export type Format = Table['format'];
export type Guards = Table['guards'];
type ColumnOptions = Table['columns'][string];

/** A column with its name, in declared order. */
export type Column = ColumnOptions & { readonly name: string };

export function columnsOf(table: Pick<Table, 'columns'>): Column[] {
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
    if (feed.tables[`${name}_history`] && spec.history)
      complain(`its history table would be ${name}_history, which is declared too`);
    checkColumns(spec, complain);
  }
}

/** PostgreSQL: at most 1600 columns, and 8160 bytes a row for what cannot move out of line. */
const MAX_COLUMNS = 1590;
const MAX_INLINE_BYTES = 8000;
const inlineBytes = (type: string): number => (type === 'uuid' ? 16 : /^(text|json|decimal)/.test(type) ? 18 : 8);

function checkColumns(spec: z.output<typeof table>, complain: (message: string, ...path: string[]) => void): void {
  const names = Object.keys(spec.columns);
  if (!Object.values(spec.columns).some((column) => column.key))
    complain('expected at least one column with key: true', 'columns');
  if (names.length > MAX_COLUMNS) complain(`${names.length} columns; PostgreSQL allows ${MAX_COLUMNS}`, 'columns');
  const inline = Object.values(spec.columns).reduce((sum, column) => sum + inlineBytes(column.type), 0);
  if (inline > MAX_INLINE_BYTES) complain(`rows of ${inline} bytes; PostgreSQL allows ${MAX_INLINE_BYTES}`, 'columns');
  const seen = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (!isIdentifier(name)) complain('a name has 1 to 63 bytes and no control characters', 'columns', name);
    if (reservedColumns.has(folded))
      complain('this name is reserved for a column that nightfeed adds', 'columns', name);
    if (seen.has(folded)) complain('another column has this name but for upper and lower case', 'columns', name);
    seen.add(folded);
    if (spec.columns[name]!.key && !spec.columns[name]!.compare)
      complain('a key column is always compared', 'columns', name, 'compare');
    if (spec.columns[name]!.key && spec.columns[name]!.type === 'json')
      complain('json cannot be a key', 'columns', name, 'type');
  }
}
