import { z } from 'zod';

const answer = z.enum(['refuse', 'hold', 'evolve'], { error: 'expected refuse, hold or evolve' });

/** What happens when the columns of a delivery differ from the declared ones. */
export const contract = z.strictObject({
  added: z
    .enum(['refuse', 'hold', 'evolve', 'ignore'], { error: 'expected refuse, hold, evolve or ignore' })
    .default('hold')
    .describe(
      'A column that is not declared. Approved, it is left out; `evolve` adds it to the table as nullable text; `ignore` leaves it out every night, with a note.',
    ),
  missing: answer
    .default('refuse')
    .describe('A declared column that does not come. Otherwise rows keep the values that they have in the table.'),
  renamed: answer
    .default('refuse')
    .describe('An unknown name at the place of a declared one, all others in place. Otherwise it is read as that one.'),
  reordered: answer.default('evolve').describe('Columns in another order than declared. They bind by name.'),
  retyped: answer
    .default('hold')
    .describe(
      'None of the first values of a column reads as its type. `evolve` keeps what the table has, and takes the values as text into `<column>_text`.',
    ),
});
