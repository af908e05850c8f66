import { z } from 'zod';
import { columnTypeSchema, typeComplaint } from '../values/column-type.ts';
import { cleaning } from './cleaning.ts';
import { columnRules } from './rules.ts';
import { valueForms } from './value-forms.ts';

const columnName = z.string();

const column = z.strictObject({
  type: columnTypeSchema,
  key: z.boolean().default(false).describe('Part of the primary key.'),
  required: z.boolean().default(false).describe('A row with null here is rejected.'),
  compare: z
    .boolean()
    .default(true)
    .describe('false: a row in which only this column differs does not count as changed.'),
  from: z
    .union([columnName, z.strictObject({ name: columnName, nth: z.int().min(1).describe('Which of them, from 1.') })], {
      error: 'expected the name in the file, or {name, nth}',
    })
    .optional()
    .describe(
      "The column's name in the file, where it is another than here. `{name: desc, nth: 2}` is the second of several columns with that name.",
    ),
  may_be_absent: z
    .boolean()
    .optional()
    .describe(
      'true: a file whose header lacks the column is taken, and its rows have null here. A file that has an unknown name instead is refused, since the column may be renamed.',
    ),
  ...valueForms,
  ...cleaning,
  as: z
    .string({ error: 'expected an SQL expression' })
    .optional()
    .describe('SQL expression over other columns that makes this one; it is not in the file then. See shaping.md.'),
  ...columnRules,
  contains_records: z
    .boolean()
    .optional()
    .describe(
      'true: texts of this column may hold lines that look like records of the table, such as CSV within CSV. Otherwise they hold the night: a stray quote may have swallowed them.',
    ),
  store: z.boolean().optional().describe('false: only expressions and rules read the column; the table has none such.'),
});

/** A column, or only its type. */
export const columnOrType = z.union([column, columnTypeSchema.transform((type) => column.parse({ type }))], {
  error: ({ input }) => typeComplaint(input, ', or {type: …} with key, required or compare'),
});

export const hashColumn = column.parse({ type: 'text', key: true });
export const copyColumn = column.parse({ type: 'bigint', key: true });

/** A column that the delivery brought undeclared. It has no option but its type, so no change of an option can concern it. */
export const uncomparedText = column.parse({ type: 'text', compare: false });
