import { metaColumns } from '../../../core/feed/identifier.ts';
import { columnList, postgresType } from '../../../core/sql/dialects/postgres.ts';
import type { Relation } from './catalog.ts';
import { type Part, planColumns, sameNames } from './column-plan.ts';
import * as ddl from './table-ddl.ts';
import type { Target } from './target.ts';

/** A column as the catalog has it. */
type Present = Relation['columns'][number];

/**
 * The history has every column of the table, declared or not: a closed version keeps what the row had. The view shows what
 * the history has. For a column that the table lost, open versions show null.
 */
export function planHistory(target: Target, found: ReadonlyMap<string, Relation>): Part {
  const history = found.get(ddl.historyName(target.name));
  const versions = found.get(ddl.versionsName(target.name));
  const inTable = columnsToBe(target, found.get(target.name));
  const parts: Part[] = [history ? planColumns(target, target.history, history.name, history) : planNew(target)];
  const kept = columnsToBe(target, history).filter(({ name }) => !ownColumns.has(name));
  const undeclared = inTable.filter(({ name }) => !target.columns.some((column) => column.name === name));
  const lacking = undeclared.filter(({ name }) => !kept.some((column) => column.name === name));
  if (lacking.length > 0) {
    parts.push({
      statements: lacking.map((column) => ddl.addColumn(target.history, column)),
      manual: [],
      done: history ? lacking.map(({ name }) => `column ${target.schema}.${history.name}.${name}`) : [],
    });
  }
  const columns = [...kept, ...lacking];
  const retyped = undeclared.flatMap((column) => {
    const { type } = columns.find(({ name }) => name === column.name)!;
    return type === column.type ? [] : [ddl.changeType(target.history, column, type)];
  });
  const present = found.get(target.name)?.columns ?? [];
  const isBack = target.columns.some(({ name }) => !present.some((column) => column.name === name));
  const view = planView(target, columns, inTable, versions, isBack);
  return {
    statements: [...parts.flatMap((part) => part.statements), ...view.statements],
    manual: [
      ...view.manual,
      ...parts.flatMap((part) => part.manual),
      ...retyped,
      ...(history ? planKey(target, history) : []),
    ],
    done: parts.flatMap((part) => part.done),
  };
}

const ownColumns: ReadonlySet<string> = new Set(['_valid_from', '_valid_to']);

function planNew(target: Target): Part {
  const done = [`table ${target.schema}.${ddl.historyName(target.name)}`];
  return { statements: [ddl.createHistory(target)], manual: [], done };
}

/** Columns of a relation that the feed declares, without nightfeed's own. */
function columnsToBe(target: Target, relation: Relation | undefined): Present[] {
  const present = (relation?.columns ?? []).filter(({ name }) => !(metaColumns as readonly string[]).includes(name));
  const added = target.columns
    .filter(({ name }) => !present.some((column) => column.name === name))
    .map(({ name, type }) => ({ name, type: postgresType(type) }));
  return [...present, ...added];
}

/** A view can get more columns at its end. For any other change it has to be made again. */
function planView(
  target: Target,
  columns: readonly Present[],
  inTable: readonly Present[],
  versions: Relation | undefined,
  /** The table gets a column that the view may not show yet. */
  isBack: boolean,
): Pick<Part, 'statements' | 'manual'> {
  const wanted = columns.map(({ name }) => name);
  const shown = versions?.columns.map(({ name }) => name).filter((name) => !ownColumns.has(name));
  if (shown?.join('\n') === wanted.join('\n') && !isBack) return { statements: [], manual: [] };
  if (shown?.some((name, index) => wanted[index] !== name))
    return {
      statements: [],
      manual: [`-- ${target.schema}.${versions!.name} shows other columns than its tables have.`],
    };
  return { statements: [createVersions(target, columns, inTable)], manual: [] };
}

/** The view over the columns of table and history, for callers that had to drop it. */
export function recreateVersions(target: Target, found: ReadonlyMap<string, Relation>): string {
  const columns = found.get(ddl.historyName(target.name))?.columns ?? [];
  const shown = columns.filter(({ name }) => !ownColumns.has(name));
  return createVersions(target, shown, found.get(target.name)?.columns ?? []);
}

function createVersions(target: Target, columns: readonly Present[], inTable: readonly Present[]): string {
  const open = new Set(inTable.map(({ name }) => name));
  return ddl.createVersions(target, columns, (name) => open.has(name));
}

function planKey(target: Target, history: Relation): string[] {
  const keys = [...target.keys.map((key) => key.name), '_valid_from'];
  if (sameNames(keys, history.key?.columns ?? [])) return [];
  return [ddl.changeKey(target.history, history.key?.name ?? null, `${columnList(target.keys)}, _valid_from`)];
}
