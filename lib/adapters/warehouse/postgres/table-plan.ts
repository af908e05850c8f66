import { NightfeedError } from '../../../core/errors.ts';
import { metaColumns, quoteIdentifier } from '../../../core/feed/identifier.ts';
import { columnList, postgresType } from '../../../core/sql/postgres.ts';
import type { Registration, Relation } from './catalog.ts';
import * as ddl from './table-ddl.ts';
import type { Target } from './target.ts';

/** What brings a table to its declaration: `statements` that we may run, `manual` ones that a person must decide on. */
export interface TablePlan {
  readonly statements: readonly string[];
  readonly manual: readonly string[];
  /** One line for each thing done or noticed. */
  readonly done: readonly string[];
  /** The table is new, so the ledger must not say that it holds rows. */
  readonly created: boolean;
}

/** Throws TABLE_EXISTS when a relation of that name is not ours. */
export function planTable(
  feed: string,
  target: Target,
  found: ReadonlyMap<string, Relation>,
  ours: Registration | undefined,
): TablePlan {
  const table = found.get(target.name);
  if (ours && ours.feed !== feed) throw taken(target, target.name, `belongs to the feed ${ours.feed}`);
  if (table && !ours) throw taken(target, target.name, 'exists and is not a table of nightfeed');
  const parts = [table ? planExisting(target, table, ours!) : planNew(target)];
  if (target.keepsHistory) parts.push(planHistory(target, found, ours?.history ?? false));
  const manual = parts.flatMap((part) => part.manual);
  return {
    statements: parts.flatMap((part) => part.statements),
    manual:
      manual.length > 0 && found.has(ddl.versionsName(target.name)) ? [ddl.dropVersions(target), ...manual] : manual,
    done: parts.flatMap((part) => part.done),
    created: !table,
  };
}

type Part = Omit<TablePlan, 'created'>;

function planNew(target: Target): Part {
  return { statements: [ddl.createTable(target)], manual: [], done: [`table ${target.schema}.${target.name}`] };
}

function planExisting(target: Target, table: Relation, ours: Registration): Part {
  const types = planColumns(target, target.table, target.name, table);
  const meta = metaColumns.filter((name) => !table.columns.some((column) => column.name === name));
  const restored = meta.map((name) => `ALTER TABLE ${target.table} ADD COLUMN ${name} ${metaTypes[name]};`);
  return {
    statements: types.statements,
    manual: [...restored, ...types.manual, ...planKey(target, table, ours)],
    done: [...types.done, ...undeclared(target, table)],
  };
}

const metaTypes = {
  _first_seen: 'date NOT NULL DEFAULT CURRENT_DATE',
  _last_changed: 'date NOT NULL DEFAULT CURRENT_DATE',
  _gone_since: 'date',
  _loaded_at: 'timestamp with time zone NOT NULL DEFAULT now()',
};

function planHistory(target: Target, found: ReadonlyMap<string, Relation>, ours: boolean): Part {
  const history = found.get(ddl.historyName(target.name));
  const versions = found.get(ddl.versionsName(target.name));
  for (const relation of [history, versions]) {
    if (relation && !ours) throw taken(target, relation.name, 'exists and is not a table of nightfeed');
  }
  const declared = target.columns.map((column) => column.name);
  if (!history) {
    const statements = [ddl.createHistory(target), ddl.createVersions(target, declared)];
    return { statements, manual: [], done: [`table ${target.schema}.${ddl.historyName(target.name)}`] };
  }
  const { statements, manual, done } = planColumns(target, target.history, history.name, history);
  const kept = history.columns
    .map((column) => column.name)
    .filter((name) => name !== '_valid_from' && name !== '_valid_to');
  const added = declared.filter((name) => !kept.includes(name));
  const view = versions && added.length === 0 ? [] : [ddl.createVersions(target, [...kept, ...added])];
  const keys = [...target.keys.map((key) => key.name), '_valid_from'];
  const key = sameNames(keys, history.key?.columns ?? [])
    ? []
    : [ddl.changeKey(target.history, history.key?.name ?? null, `${columnList(target.keys)}, _valid_from`)];
  return { statements: [...statements, ...view], manual: [...manual, ...key], done };
}

function planColumns(target: Target, relation: string, name: string, found: Relation): Part {
  const statements: string[] = [];
  const manual: string[] = [];
  const done: string[] = [];
  for (const column of target.columns) {
    const present = found.columns.find((candidate) => candidate.name === column.name);
    if (!present && column.key) manual.push(`${ddl.addColumn(relation, column)};`);
    else if (!present) {
      statements.push(ddl.addColumn(relation, column));
      done.push(`column ${target.schema}.${name}.${column.name}`);
    } else if (present.type !== postgresType(column.type)) manual.push(ddl.changeType(relation, column));
  }
  return { statements, manual, done };
}

function planKey(target: Target, table: Relation, ours: Registration): string[] {
  const declared = target.keys.map((key) => key.name);
  const present = table.key?.columns ?? ours.keys;
  if (sameNames(declared, present) && sameNames(declared, ours.keys)) return [];
  const changed =
    table.key && !sameNames(declared, present)
      ? [ddl.changeKey(target.table, table.key.name, columnList(target.keys))]
      : [];
  return [...changed, ddl.registerKey(target)];
}

function undeclared(target: Target, table: Relation): string[] {
  const known = new Set<string>([...metaColumns, ...target.columns.map((column) => column.name)]);
  return table.columns
    .filter((column) => !known.has(column.name))
    .map(
      (column) =>
        `note: ${target.schema}.${target.name} has the column ${quoteIdentifier(column.name)}, which the feed does not declare`,
    );
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

const taken = (target: Target, name: string, what: string) =>
  new NightfeedError('TABLE_EXISTS', `${target.schema}.${name} ${what}`);
