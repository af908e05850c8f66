import type { Feed } from '../feed/spec.ts';
import type { DiffReceipt, TargetObject } from '../run/diff-receipt.ts';
import { shownText } from '../shown-text.ts';
import type { GradedFinding } from './finding.ts';

export function isAccepted({ target }: Feed, { name }: TargetObject): boolean {
  return target.accept?.includes(name) ?? false;
}

/** One finding for each object that the feed file does not accept, so that whoever decides sees them all. */
export function objectFindings(feed: Feed, { objects = [] }: DiffReceipt): GradedFinding[] {
  return objects
    .filter((object) => !isAccepted(feed, object))
    .map(({ table, name }) => ({
      severity: 'hold',
      hold: { table, guard: 'TARGET_OBJECT', object: shownText(name), value: 1, limit: 0, unit: 'count' },
    }));
}
