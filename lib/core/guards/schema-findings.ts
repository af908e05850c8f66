import type { SchemaChange } from '../feed/schema-change.ts';
import type { Contract } from '../feed/spec.ts';
import { excerpt } from '../shown-text.ts';
import type { GradedFinding } from './finding.ts';
import type { GuardName } from './guard-names.ts';

/** Findings about columns that differ from the declared ones. */
export function schemaFindings(table: string, change: SchemaChange, contract: Contract): GradedFinding[] {
  const { taken, withheld, missing, renamed, reordered, retyped } = change;
  const left = change.added.filter((name) => !taken.includes(name));
  const renames = Object.entries(renamed).map(([name, sent]) => `${excerpt(sent, 63)} as ${excerpt(name, 63)}`);
  const unreadable = retyped.filter((name) => !withheld.includes(name));
  const evolved = [
    ...taken.map((name) => `${excerpt(name, 63)} as text`),
    ...(contract.missing === 'evolve' ? missing.map((name) => `no ${excerpt(name, 63)}`) : []),
    ...(contract.renamed === 'evolve' ? renames : []),
  ];
  const holds = (guard: GuardName, answer: Contract[keyof Contract], names: readonly string[]) =>
    answer === 'hold' ? found('hold', table, guard, names) : [];
  return [
    ...found('hold', table, 'SCHEMA_ADD', quoted(left)),
    ...holds('SCHEMA_MISSING', contract.missing, quoted(missing)),
    ...holds('SCHEMA_RENAMED', contract.renamed, renames),
    ...holds('SCHEMA_REORDERED', contract.reordered, reordered ? ['another order'] : []),
    ...found('hold', table, 'SCHEMA_RETYPED', quoted(unreadable)),
    ...found('warn', table, 'SCHEMA_EVOLVED', evolved),
  ];
}

function found(
  severity: GradedFinding['severity'],
  table: string,
  guard: GuardName,
  names: readonly string[],
): GradedFinding[] {
  if (names.length === 0) return [];
  const shown = names.length > MAX_SHOWN ? [...names.slice(0, MAX_SHOWN), '…'] : names;
  return [{ severity, hold: { table, guard, column: shown.join(', '), value: names.length, limit: 0, unit: 'count' } }];
}

const MAX_SHOWN = 10;

function quoted(names: readonly string[]): string[] {
  return names.map((name) => excerpt(name, 63));
}
