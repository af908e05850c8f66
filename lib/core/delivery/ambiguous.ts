import { NightfeedError } from '../errors.ts';
import type { ArrivedFile } from '../run/arrive-receipt.ts';
import { excerpt } from '../shown-text.ts';

/** Files of which nobody can say which are meant. `hint` says what to do; by default: make patterns disjoint. */
export function ambiguous(message: string, hint?: string): NightfeedError {
  const options = hint === undefined ? {} : { hint: `Production is untouched. ${hint}` };
  return new NightfeedError('AMBIGUOUS_FILE', message, options);
}

const MAX_TOLD = 3;

/** The first names, and the number of the others. */
export function namesOf(files: readonly Pick<ArrivedFile, 'name'>[]): string {
  const names = files.slice(0, MAX_TOLD).map(({ name }) => excerpt(name));
  const more = files.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(' and ');
}
