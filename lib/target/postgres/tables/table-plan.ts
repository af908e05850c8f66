import { NightfeedError } from '../../../core/errors.ts';
import { metaColumns, quoteIdentifier, ROW_HASH } from '../../../core/feed/identifier.ts';
import { columnList } from '../../../core/sql/dialects/postgres.ts';
import type { Registration, Relation } from './catalog.ts';
import { type Part, planColumns, sameNames } from './column-plan.ts';
import { planHistory, recreateVersions } from './history-plan.ts';
import * as ddl from './table-ddl.ts';
import type { Target } from './target.ts';

export interface TablePlan extends Part {
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
  if (table && isKeylessKey(ours!.keys) !== isKeylessKey(target.keys.map(({ name }) => name)))
    throw otherIdentity(target);
  const parts = [table ? planExisting(target, table, ours!) : planNew(target)];
  if (target.keepsHistory) {
    for (const name of [ddl.historyName(target.name), ddl.versionsName(target.name)])
      if (found.has(name) && !ours?.history) throw taken(target, name, 'exists and is not a table of nightfeed');
    parts.push(planHistory(target, found));
  }
  const manual = parts.flatMap((part) => part.manual);
  return {
    statements: parts.flatMap((part) => part.statements),
    // PostgreSQL cannot change a column that a view shows.
    manual:
      manual.length > 0 && found.has(ddl.versionsName(target.name))
        ? [ddl.dropVersions(target), ...manual, `${recreateVersions(target, found)};`]
        : manual,
    done: parts.flatMap((part) => part.done),
    created: !table,
  };
}

function planNew(target: Target): Part {
  return { statements: [ddl.createTable(target)], manual: [], done: [`table ${target.schema}.${target.name}`] };
}

function planExisting(target: Target, table: Relation, ours: Registration): Part {
  const types = planColumns(target, target.table, target.name, table);
  const meta = metaColumns.filter((name) => !table.columns.some((column) => column.name === name));
  // Only if the ledger knows of no rows: see missing.ts.
  const restored = meta.map((name) => `ALTER TABLE ${target.table} ADD COLUMN ${name} ${metaTypes[name]}`);
  return {
    statements: [...types.statements, ...restored],
    manual: [...types.manual, ...planKey(target, table, ours)],
    done: [
      ...types.done,
      ...meta.map((name) => `column ${target.schema}.${target.name}.${name}`),
      ...undeclared(target, table),
    ],
  };
}

const metaTypes = {
  _first_seen: 'date NOT NULL DEFAULT CURRENT_DATE',
  _last_changed: 'date NOT NULL DEFAULT CURRENT_DATE',
  _gone_since: 'date',
  _loaded_at: 'timestamp with time zone NOT NULL DEFAULT now()',
};

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

const isKeylessKey = (names: readonly string[]) => names.includes(ROW_HASH);

/** No SQL makes a key of rows that have none, or the other way round: the history would mix both. */
function otherIdentity({ schema, name, keepsHistory }: Target): NightfeedError {
  const history = keepsHistory ? ` and ${ddl.historyName(name)}` : '';
  return new NightfeedError(
    'MIGRATION_NEEDED',
    `${schema}.${name} was made for rows with a key and gets rows without one, or the other way round; its rows cannot be taken over`,
    {
      hint: `Nothing was changed. Rename or drop ${name}${history} yourself, with the views over them; then \`nightfeed migrate FEED --restart ${name} --by WHO --reason WHY\` makes the table anew, and the next night loads all of it.`,
    },
  );
}

const taken = (target: Target, name: string, what: string) =>
  new NightfeedError('TABLE_EXISTS', `${target.schema}.${name} ${what}`);
