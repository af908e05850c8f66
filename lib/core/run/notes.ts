import { shownText } from '../shown-text.ts';
import type { LandedFile } from './pull-receipt.ts';

const MOST_NOTES = 10;
const LONGEST = 300;

/** What was taken although it is odd, each once, with the file where not every file of the table has it. */
export function notesOf(files: readonly Pick<LandedFile, 'name' | 'notes'>[]): string[] {
  const holders = new Map<string, string[]>();
  for (const { name, notes } of files)
    for (const note of new Set(notes)) holders.set(note, [...(holders.get(note) ?? []), name]);
  const told = [...holders].map(([note, names]) => {
    const others = names.length > 1 ? ` and ${names.length - 1} more` : '';
    return names.length === files.length
      ? shownText(note, LONGEST)
      : shownText(`${note} (${names[0]}${others})`, LONGEST);
  });
  const more = told.length - MOST_NOTES;
  return more > 0 ? [...told.slice(0, MOST_NOTES), `${more} more notes stand in the receipt of pull`] : told;
}
