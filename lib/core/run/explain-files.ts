import { shownText } from '../shown-text.ts';
import type { FileChoice } from './receipt.ts';
import { showText } from './show-sample.ts';

/** Which files a table was made of, and which were there and left out; for people, anywhere. */
export function explainFiles({ picked, left_out }: FileChoice): string {
  return `from ${some(picked)}${left_out.length > 0 ? `; left out: ${some(left_out)}` : ''}`;
}

/** For people and scripts that know no file by such a name; the receipts have the names as they are. */
export function shownFiles({ picked, left_out }: FileChoice): FileChoice {
  const shown = (names: readonly string[]) => names.map((name) => shownText(name));
  return { picked: shown(picked), left_out: shown(left_out) };
}

const MAX_TOLD = 5;

function some(names: readonly string[]): string {
  const told = names.slice(0, MAX_TOLD).map(showText).join(', ');
  return names.length > MAX_TOLD ? `${told} and ${names.length - MAX_TOLD} more` : told;
}
