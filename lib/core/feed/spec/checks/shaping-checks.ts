import { checkCondition } from '../../../expression/check.ts';
import { ExpressionFault } from '../../../expression/fault.ts';
import { firstMeaning } from '../../../expression/meaning.ts';
import { deliveredColumnsOf, readingSpecOf } from '../../reading-spec.ts';
import { retainCondition } from '../../rules/retain-condition.ts';
import { CircularColumns, computed, Derivation, scopeOf } from '../../shaping.ts';
import { cleaning } from '../cleaning.ts';
import type { Table } from '../table.ts';
import { valueForms } from '../value-forms.ts';

type Complain = (message: string, ...path: (string | number)[]) => void;

const ofTextOptions = [...Object.keys(cleaning), ...Object.keys(valueForms)] as (
  | keyof typeof cleaning
  | keyof typeof valueForms
)[];

/** Cleaning, derived columns and filters of a table. */
export function checkShaping(spec: Table, complain: Complain): void {
  if (deliveredColumnsOf(spec).length === 0) complain('expected at least one column without `as`', 'columns');
  for (const [name, { as, key, store, ...options }] of Object.entries(spec.columns)) {
    const ofText = ofTextOptions.find((option) => options[option] !== undefined);
    if (as !== undefined && ofText) complain('a column with `as` is not read from text', 'columns', name, ofText);
    if (key && store === false) complain('a key column is always stored', 'columns', name, 'store');
  }
  const reading = readingSpecOf(spec);
  const derivation = new Derivation(reading);
  for (const { name, as } of reading.columns)
    if (as !== undefined) attempt(() => derivation.of(name), complain, 'columns', name, 'as');
  const { meaning = firstMeaning } = reading;
  const condition = (text: string, ...path: (string | number)[]) =>
    attempt(() => computed(checkCondition(text, scopeOf(reading), meaning)), complain, ...path);
  for (const [index, text] of (spec.drop_row_when ?? []).entries()) condition(text, 'drop_row_when', index);
  if (spec.where !== undefined) condition(spec.where, 'where');
  if (spec.retain_where === undefined) return;
  if (spec.on_delete !== 'delete') complain('is for tables with on_delete: delete', 'retain_where');
  attempt(() => retainCondition(spec), complain, 'retain_where');
}

/** Tells what is wrong with an expression, and at which of its characters. */
function attempt(work: () => unknown, complain: Complain, ...path: (string | number)[]): void {
  try {
    work();
  } catch (error) {
    if (error instanceof ExpressionFault) complain(`character ${error.at + 1}: ${error.message}`, ...path);
    else if (error instanceof CircularColumns) complain(error.message, ...path);
    else throw error;
  }
}
