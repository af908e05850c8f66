import { postgresType } from '../../../core/sql/dialects/postgres.ts';
import type { Relation } from './catalog.ts';
import * as ddl from './table-ddl.ts';
import type { Target } from './target.ts';

/** How a relation becomes what the feed declares: `statements` that nightfeed may run, and `manual` ones that a person must decide on. */
export interface Part {
  readonly statements: readonly string[];
  readonly manual: readonly string[];
  /** A line for each change and each notice. */
  readonly done: readonly string[];
}

export function planColumns(target: Target, relation: string, name: string, found: Relation): Part {
  const statements: string[] = [];
  const manual: string[] = [];
  const done: string[] = [];
  for (const column of target.columns) {
    const present = found.columns.find((candidate) => candidate.name === column.name);
    const declared = { name: column.name, type: postgresType(column.type) };
    if (!present && column.key) manual.push(`${ddl.addColumn(relation, declared)};`);
    else if (!present) {
      statements.push(ddl.addColumn(relation, declared));
      done.push(`column ${target.schema}.${name}.${column.name}`);
    } else if (present.type !== declared.type || present.collation !== undefined)
      manual.push(...ddl.tellCollation(present), ddl.changeType(relation, declared, present.type));
  }
  return { statements, manual, done };
}

export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
