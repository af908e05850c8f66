import type { Feed } from '../feed/spec.ts';
import type { DiffReceipt } from '../run/diff-receipt.ts';
import { evaluate, type Verdict } from './guard.ts';

/**
 * Evaluates released rows as a delivery that changes what production holds: nothing is missing, nothing is rejected,
 * nothing is late. The baseline of nights says nothing about a release.
 */
export function evaluateRelease(feed: Feed, date: string, receipt: DiffReceipt): Omit<Verdict, 'measures'> {
  const tables = Object.entries(receipt.tables).map(([name, numbers]) => {
    const accepted = numbers.base + numbers.inserted;
    return [name, { ...numbers, rows: accepted, accepted, rejected: {} }] as const;
  });
  const diff = { ...receipt, tables: Object.fromEntries(tables) };
  const { holds, warnings } = evaluate({ feed, date, arrival: { listing: '', files: [], missing: 0 }, diff, past: [] });
  const isAboutRows = ({ table }: { table: string | null }) => table !== null;
  return { holds: holds.filter(isAboutRows), warnings: warnings.filter(isAboutRows) };
}
