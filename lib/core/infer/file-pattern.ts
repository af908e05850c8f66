import { isBusinessDate } from '../feed/business-date.ts';
import { plainWord } from './plain-word.ts';

/** What varies in a name from night to night: the date it carries, and a number. */
export interface GuessedPattern {
  /** For `files` or a path of the feed file, such as `products_{yyyymmdd}.csv`. */
  readonly pattern: string;
  /** The date in the name; null without one. */
  readonly date: string | null;
}

const forms = [
  { placeholder: '{date}', pattern: /(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)/ },
  { placeholder: '{date:YYYY_MM_DD}', pattern: /(?<!\d)((?:19|20)\d{2})_(\d{2})_(\d{2})(?!\d)/ },
  { placeholder: '{date:YYYY.MM.DD}', pattern: /(?<!\d)((?:19|20)\d{2})[.](\d{2})[.](\d{2})(?!\d)/ },
  { placeholder: '{yyyymmdd}', pattern: /(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)/ },
] as const;

/** Finds the date that a name of a file or folder carries. */
export function guessPattern(name: string): GuessedPattern {
  for (const { placeholder, pattern } of forms) {
    const match = pattern.exec(name);
    const date = match && `${match[1]}-${match[2]}-${match[3]}`;
    if (!match || !date || !isBusinessDate(date)) continue;
    const before = name.slice(0, match.index);
    // A time behind the date is another each night.
    const after = name.slice(match.index + match[0].length).replace(TIME, '*');
    return { pattern: `${before}${placeholder}${after}`, date };
  }
  return { pattern: name, date: null };
}

const TIME = /^[-_T]?\d{4,6}(?!\d)/;

/** A name for the table of a file, without the date, a number at the end, and what says how it is packed. */
export function tableNameOf(file: string): string {
  const bare = guessPattern(file)
    .pattern.replace(/(\.(csv|txt|tsv|dat|psv|json|ndjson|jsonl|parquet|sql|gz|zip|zst|bz2|xz|tar|tgz))+$/i, '')
    .replace(/\{[^}]*\}\*?/g, '')
    .replace(/[-_.]?(part|chunk)?[-_.]?\d+$/i, '');
  const name = plainWord(bare, 40);
  return /^[a-z]/.test(name) ? name : `t_${name}`.replace(/_$/, '').slice(0, 40);
}
