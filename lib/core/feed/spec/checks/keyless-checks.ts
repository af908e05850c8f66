import { COPY, ROW_HASH } from '../../identifier.ts';
import { rulesOf } from '../../rules/rule.ts';
import type { Table } from '../table.ts';

type Complain = (message: string, ...path: string[]) => void;

/** Requires of a table without a key that the values of a row, and nothing else, tell it apart from others. */
export function checkKeyless(spec: Table, complain: Complain): void {
  const { key, columns, collapse, contract } = spec;
  const keys = Object.keys(columns).filter((name) => columns[name]!.key);
  if (key === undefined) {
    if (keys.length === 0)
      complain(
        'expected at least one column with key: true; or, where rows have none, `key: none` beside `columns`',
        'columns',
      );
    return;
  }
  if (keys.length > 0) complain(`${keys[0]} is a key column; expected key: none or key columns`, 'key');
  if (collapse !== undefined) complain('versions are those of a key, and rows have none: key: none', 'collapse');
  for (const [name, { compare, store }] of Object.entries(columns)) {
    if (!compare)
      complain('with key: none each value tells a row apart, so each is compared', 'columns', name, 'compare');
    if (store === false)
      complain('with key: none each value tells a row apart, so each is stored', 'columns', name, 'store');
    if ([ROW_HASH, COPY].includes(name.toLowerCase()))
      complain('with key: none this name is reserved for a column that nightfeed adds', 'columns', name);
  }
  const unique = rulesOf(spec).find(({ kind }) => kind === 'unique');
  if (unique)
    complain(`${unique.name}: what is unique can be the key: say key: true for it, without key: none`, 'rules');
  for (const [change, answers] of refusedAnswers)
    if (answers.includes(contract[change]))
      complain(`with key: none other columns make other rows of all; expected ${change}: refuse`, 'contract', change);
}

/** Answers of a contract after which a table has other columns, or keeps values that no file has. */
const refusedAnswers: readonly (readonly ['added' | 'missing' | 'retyped', readonly string[]])[] = [
  ['added', ['evolve']],
  ['missing', ['hold', 'evolve']],
  ['retyped', ['evolve']],
];
