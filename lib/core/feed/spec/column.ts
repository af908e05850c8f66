import { z } from 'zod';
import { allowedTypes, columnTypeSchema } from '../column-type.ts';
import { valueForms } from './value-forms.ts';

const column = z.strictObject({
  type: columnTypeSchema,
  key: z.boolean().default(false).describe('Part of the primary key.'),
  required: z.boolean().default(false).describe('A row with null here is rejected.'),
  compare: z.boolean().default(true).describe('false: a change of this column alone is no change.'),
  ...valueForms,
});

/** A column, or only its type. */
export const columnOrType = z.union([column, columnTypeSchema.transform((type) => column.parse({ type }))], {
  error: `${allowedTypes}, or {type: …} with key, required or compare`,
});
