import { tokens } from '../../expression/tokens.ts';
import { declaredColumnsOf } from '../columns.ts';
import type { Feed } from '../spec.ts';

/** Columns that look a value up in a list of words, and are null for every other word, each with the path of the option. */
export function lookupWarnings({ tables }: Feed): string[] {
  return Object.entries(tables).flatMap(([name, table]) =>
    declaredColumnsOf(table).flatMap(({ name: column, as, key, required }) =>
      as === undefined || key || required || !hasOpenLookup(as)
        ? []
        : [
            `tables.${name}.columns.${column}.as: a case … when without else is null for every value that it does not name, and so is what is made of it, without a reject; with required: true such a row is rejected, and \`else null\` says that null is meant`,
          ],
    ),
  );
}

/** Whether a `case x when …` has no `else`. A `case when …` names conditions, and says on purpose for which rows there is a value. */
function hasOpenLookup(expression: string): boolean {
  const words = tokens(expression).map(({ kind, text }) => (kind === 'word' ? text.toLowerCase() : ''));
  const open: { readonly isLookup: boolean; hasElse: boolean }[] = [];
  for (const [index, word] of words.entries()) {
    if (word === 'case') open.push({ isLookup: words[index + 1] !== 'when', hasElse: false });
    const innermost = open.at(-1);
    if (word === 'else' && innermost) innermost.hasElse = true;
    if (word === 'end' && innermost) {
      open.pop();
      if (innermost.isLookup && !innermost.hasElse) return true;
    }
  }
  return false;
}
