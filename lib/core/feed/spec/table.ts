import { z } from 'zod';
import type { Meaning } from '../../expression/meaning.ts';
import type { FeedFormat, FormatDescriptor } from '../descriptors/format-descriptor.ts';
import { dated } from '../values/text-forms.ts';
import { tableCleaning } from './cleaning.ts';
import { columnOrType } from './column.ts';
import { contract } from './contract.ts';
import { everyName } from './every-name.ts';
import { formatSchema } from './format.ts';
import { guards } from './guards.ts';
import { tableLake } from './lake.ts';
import { tableRules } from './rules.ts';

/** One table of a delivery. */
export const tableSchema = (formats: readonly FormatDescriptor[]) =>
  z.strictObject({
    files: dated
      .min(1)
      .describe(
        'Pattern of file names with * and ?; `{date}`, `{yyyymmdd}` and the other [forms of a date](sources.md#dates-in-names-and-paths) stand for the business date, `{n}` for a counter of generations. Several files make one table. Behind a `/`, which [members](sources.md#members-of-an-archive) of an archive: `export.zip/orders*.csv`.',
      ),
    pick: z
      .enum(['all', 'newest', 'only'])
      .optional()
      .describe(
        'Which of the files that fit make the table: `all`, unless told; those of the `newest` [generation](sources.md#which-files-make-a-table); or the `only` one, where a second is refused.',
      ),
    empty_parts: z
      .enum(['refuse', 'accept'], { error: 'expected refuse or accept' })
      .optional()
      .describe(
        '`accept`: of several files some may have no bytes at all, and count as there. Without it such a delivery is refused, as is one of nothing but such files.',
      ),
    format: formatSchema(formats)
      .prefault({} as FeedFormat)
      .describe('How the bytes of the files become fields.'),
    columns: everyName(z.string(), columnOrType)
      .describe('The columns by name, in the order of the table. `name: text` is short for `name: {type: text}`.')
      .meta({ minProperties: 1 }),
    key: z
      .literal('none', { error: 'expected none; a key is `key: true` of its columns' })
      .optional()
      .describe(
        '`none`: rows have no key, and are told apart by all of their values. The table gets the columns `_row_hash` and `_copy` for it. See bad-input.md#rows-without-a-key.',
      ),
    ignore: z
      .array(z.string(), { error: 'expected a list of names' })
      .optional()
      .describe(
        'Columns of the files that are not read, by their names in the header. They may come or not, also several times.',
      ),
    contract: contract.prefault({}).describe('What happens when the columns of a delivery are not those declared.'),
    clean: tableCleaning.optional().describe('What is done to the text of every field before it is read.'),
    drop_row_when: z
      .union([z.string().transform((condition) => [condition]), z.array(z.string()).min(1)], {
        error: 'expected a condition or a list of them',
      })
      .optional()
      .describe('Conditions as in SQL; a row for which one is true is left out, and counted as filtered.'),
    where: z
      .string({ error: 'expected a condition' })
      .optional()
      .describe('Condition as in SQL; rows for which it is not true are left out, and counted as filtered.'),
    collapse: z
      .strictObject({
        newest: z
          .string()
          .describe('Stored number, date or timestamp. The greatest value is the newest; null is older than any.'),
      })
      .optional()
      .describe(
        'Several rows of one key are versions, of which the `newest` counts; the others are left out and counted as collapsed. Without it rows of one key that differ are rejected. See bad-input.md#versions-of-a-key.',
      ),
    rules: tableRules.optional().describe('Rules over several columns; a column has its own.'),
    on_delete: z
      .enum(['retain', 'delete'])
      .default('retain')
      .describe(
        'What happens to a row that the vendor no longer sends: it stays, stamped in `_gone_since`, or it goes.',
      ),
    retain_where: z
      .string({ error: 'expected a condition' })
      .optional()
      .describe(
        'With `on_delete: delete`: condition as in SQL over the stored columns. A vanished row for which it is true, or of which it cannot tell, stays, stamped; the others go.',
      ),
    history: z.boolean().default(false).describe('Keep closed versions in `<table>_history`.'),
    lake: tableLake.optional().describe('How the table lies in the lake.'),
    guards: guards.prefault({}).describe('Limits that hold a night until somebody decides.'),
  });

/**
 * Version of the meaning of its expressions; absent for the first one. It is stored with the feed when the file is read, so that
 * a run ends under the meaning that it began with. It is not an option of the file.
 */
interface TableMeaning {
  readonly reading?: Meaning;
  readonly retain_where?: Meaning;
}

export type Table = z.output<ReturnType<typeof tableSchema>> & { readonly meaning?: TableMeaning };
export type Guards = Table['guards'];
export type Contract = Table['contract'];
type ColumnOptions = Table['columns'][string];

/** A column with its name. */
export type Column = ColumnOptions & { readonly name: string };
