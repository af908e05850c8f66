import { showText } from '../guards/show-sample.ts';
import type { FileChoice } from '../run/diff-receipt.ts';
import { shownText } from '../shown-text.ts';

/** Says which files a table was made of and which were left out, for people. */
export function explainFiles({ picked, left_out, more = NO_MORE }: FileChoice): string {
  const left = left_out.length > 0 ? `; left out: ${some(left_out, more.left_out)}` : '';
  return `from ${some(picked, more.picked)}${left}`;
}

const NO_MORE = { picked: 0, left_out: 0 };

/** Shortens the names for ledger and messages and writes hidden characters out. Receipts have all names unchanged. */
export function shownFiles({ picked, left_out }: FileChoice): FileChoice {
  const shown = (names: readonly string[]) => names.slice(0, MAX_LISTED).map((name) => shownText(name));
  const more = (names: readonly string[]) => Math.max(0, names.length - MAX_LISTED);
  const choice = { picked: shown(picked), left_out: shown(left_out) };
  if (more(picked) + more(left_out) === 0) return choice;
  return { ...choice, more: { picked: more(picked), left_out: more(left_out) } };
}

const MAX_LISTED = 1000;
const MAX_TOLD = 5;

function some(names: readonly string[], unlisted: number): string {
  const told = names.slice(0, MAX_TOLD).map(showText);
  const more = names.length - told.length + unlisted;
  return more > 0 ? `${told.join(', ')} and ${more} more` : told.join(', ');
}
