import type { CloudMetric } from '../core/metrics/embedded.ts';
import type { EndedStep } from '../core/run/step-use.ts';
import type { Products } from '../workflows/step-work.ts';

/** What CloudWatch is told of a step that ended. `deadline` is that of the night, where it has one. */
export function stepMetrics(ended: EndedStep, left: Partial<Products>, deadline: Date | undefined): CloudMetric[] {
  const isDone = ended.outcome === 'published' || ended.outcome === 'unchanged';
  const margin = deadline && (deadline.getTime() - Date.parse(ended.endedAt)) / 60_000;
  return [
    { name: 'StepSeconds', value: ended.seconds, step: ended.step },
    ...(left.pulled
      ? [{ name: 'DeliveredBytes', value: sumOf(left.pulled.tables, ({ bytes }) => bytes) } as const]
      : []),
    ...(left.changes ? changeMetrics(left.changes.receipt) : []),
    ...(isDone && margin !== undefined ? [{ name: 'MinutesBeforeDeadline', value: margin } as const] : []),
  ];
}

function changeMetrics({ tables }: Products['changes']['receipt']): CloudMetric[] {
  const rejected = sumOf(tables, (table) => Object.values(table.rejected).reduce((sum, count) => sum + count, 0));
  return [
    { name: 'RowsIn', value: sumOf(tables, ({ rows }) => rows) },
    { name: 'RowsRejected', value: rejected },
    { name: 'RowsChanged', value: sumOf(tables, ({ inserted, updated, gone }) => inserted + updated + gone) },
  ];
}

function sumOf<T>(tables: Readonly<Record<string, T>>, of: (table: T) => number): number {
  return Object.values(tables).reduce((sum, table) => sum + of(table), 0);
}
