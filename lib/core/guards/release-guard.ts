import type { Feed } from '../feed/spec.ts';
import type { DiffReceipt } from '../run/receipt.ts';
import { evaluate, type Verdict } from './guard.ts';

/**
 * Released rows are judged as the delivery that they make of what production holds: nothing is missing, nothing rejected,
 * nothing late. What is usual for a night says nothing about a release.
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
