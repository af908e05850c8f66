import { entryOf } from '../../core/entry-of.ts';
import type { Feed } from '../../core/feed/spec.ts';
import { changeInLedger, comparedColumns } from '../../core/run/applied-table.ts';
import type { PullReceipt } from '../../core/run/pull-receipt.ts';
import type { Applied } from '../../ports/ledger/applied.ts';
import type { StandingTable } from '../../ports/target.ts';

/**
 * The part of the base that decides on the change set. Rows that the ledger does not know are taken as they are; to have them read again,
 * somebody restarts the table.
 */
export function identityOfBase(
  applied: Applied | null,
  schema: string,
  standing: Readonly<Record<string, StandingTable>>,
) {
  const held = Object.entries(applied?.tables ?? {});
  const restarts = Object.entries(standing).flatMap(([name, { restart }]) =>
    restart === null || entryOf(applied?.tables, name) ? [] : [[name, restart]],
  );
  const base = held.map(([name, { snapshot, fingerprint }]) => [name, { snapshot, fingerprint }] as const);
  return {
    base: applied && Object.fromEntries(base),
    ...(held.some(([, each]) => each.schema !== schema) ? { schema } : {}),
    ...(restarts.length > 0 ? { restarts } : {}),
  };
}

/** Whether production already holds exactly this delivery, under the same reading spec, in the tables that the feed names. */
export function isApplied({ target, tables }: Feed, pulled: PullReceipt, applied: Applied | null): boolean {
  if (applied?.delivery !== pulled.delivery) return false;
  return Object.entries(tables).every(([name, table]) => {
    const held = entryOf(applied.tables, name);
    return (
      held !== undefined && changeInLedger(held, { schema: target.schema, compared: comparedColumns(table) }) === null
    );
  });
}
