import { entryOf } from '../../core/entry-of.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { Rule } from '../../core/feed/rules/rule.ts';

/** Throws RULE_REFUSED when rows break a rule with `on_fail: refuse`. */
export function refuseViolations(
  table: string,
  rules: readonly Rule[],
  broken: Readonly<Record<string, number>>,
): void {
  const refusing = rules.filter(({ name, on_fail }) => on_fail === 'refuse' && entryOf(broken, name));
  if (refusing.length === 0) return;
  const counts = refusing.map(({ name }) => `${broken[name]} break ${JSON.stringify(name)}`);
  throw new NightfeedError(
    'RULE_REFUSED',
    `${table}: of the new and changed rows ${counts.join(', ')}; the feed file allows none`,
  );
}
