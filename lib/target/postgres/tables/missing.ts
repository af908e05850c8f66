import { NightfeedError } from '../../../core/errors.ts';
import { metaColumns } from '../../../core/feed/identifier.ts';
import type { AppliedRow } from '../ledger/applied.ts';
import type { Registration, Relation } from './catalog.ts';
import { historyName, versionsName } from './table-ddl.ts';
import type { Target } from './target.ts';

/** The feed's columns that a table had at the last publication. */
export function storedColumns({ stored, columns }: AppliedRow): readonly string[] {
  return stored ?? columns.map(({ name }) => name);
}

/**
 * Throws TARGET_MISSING for what the ledger says production holds, the feed declares, and the database does not have. If it were made again silently,
 * it would be empty, and rows that do not change tonight would stay missing.
 */
export function requireHeld(
  targets: readonly Target[],
  found: ReadonlyMap<string, Relation>,
  registrations: ReadonlyMap<string, Registration>,
  applied: readonly AppliedRow[],
): void {
  const missing = targets.flatMap((target) => {
    const held = applied.find(({ name, schema }) => name === target.name && schema === target.schema);
    const what = held ? missingOf(target, held, found, registrations.get(target.name)?.history ?? false) : [];
    return what.map((each) => ({ each, table: target.name }));
  });
  if (missing.length === 0) return;
  const tables = [...new Set(missing.map(({ table }) => table))];
  throw new NightfeedError(
    'TARGET_MISSING',
    `the ledger says that these hold rows, and they are not there: ${missing.map(({ each }) => each).join(', ')}`,
    {
      hint: `Bring back what was renamed, moved or dropped. Or start anew: nightfeed migrate FEED.yaml --restart ${tables.join(' ')} --by WHO --reason WHY`,
    },
  );
}

function missingOf(
  target: Target,
  held: AppliedRow,
  found: ReadonlyMap<string, Relation>,
  hasHistory: boolean,
): string[] {
  const place = `${target.schema}.${target.name}`;
  const table = found.get(target.name);
  if (!table) return [`table ${place}`];
  const present = new Set(table.columns.map(({ name }) => name));
  const declared = target.columns.map(({ name }) => name).filter((name) => storedColumns(held).includes(name));
  const columns = [...declared, ...metaColumns].filter((name) => !present.has(name));
  return [
    ...columns.map((name) => `column ${place}.${name}`),
    ...(target.keepsHistory && hasHistory ? missingOfHistory(target, declared, found) : []),
  ];
}

/** The view holds no rows, so it is made again, unless it was dropped together with a column of the history. */
function missingOfHistory(
  { schema, name }: Target,
  held: readonly string[],
  found: ReadonlyMap<string, Relation>,
): string[] {
  const history = found.get(historyName(name));
  if (!history) return [`table ${schema}.${historyName(name)}`];
  if (found.has(versionsName(name))) return [];
  const present = new Set(history.columns.map((column) => column.name));
  return held.filter((column) => !present.has(column)).map((column) => `column ${schema}.${history.name}.${column}`);
}
