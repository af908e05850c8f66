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

/** Finds the date that a name of a file or folder carries. A time behind it is another each night, and `time` stands for it. */
export function guessPattern(name: string, time: (found: string) => string = () => '*'): GuessedPattern {
  for (const { placeholder, pattern } of forms) {
    const match = pattern.exec(name);
    const date = match && `${match[1]}-${match[2]}-${match[3]}`;
    if (!match || !date || !isBusinessDate(date)) continue;
    const before = name.slice(0, match.index);
    const after = name.slice(match.index + match[0].length).replace(TIME, time);
    return { pattern: `${before}${placeholder}${after}`, date };
  }
  return { pattern: name, date: null };
}

const TIME = /^[-_T]?\d{4,6}(?!\d)/;

/** One pattern for all files of a table: where several differ by a number, `*` stands for it. Undefined where none fits them. */
export function commonPattern(names: readonly string[]): string | undefined {
  const patterns = [...new Set(names.map(memberPattern))];
  if (patterns.length === 1) return patterns[0];
  const starred = new Set(patterns.map((pattern) => pattern.replace(LAST_NUMBER, '*')));
  return starred.size === 1 ? [...starred][0] : undefined;
}

/** An archive and its member may each carry a date. */
function memberPattern(name: string): string {
  return name
    .split('/')
    .map((part) => guessPattern(part).pattern)
    .join('/');
}

/** The pattern of a file of which several generations lie side by side: `{n}` stands for the number or time that rises. */
export function generationPattern(name: string): string {
  const timed = guessPattern(name, (found) => found.replace(/\d+/, '{n}')).pattern;
  return timed.includes('{n}') ? timed : timed.replace(LAST_NUMBER, '{n}');
}

const LAST_NUMBER = /\d+(?=(\.\w+)+$)/;

/** Names in the order of the numbers in them, the highest first. */
export function newestFirst(names: readonly string[]): string[] {
  return names.toSorted((a, b) => NATURAL.compare(b, a));
}

const NATURAL = new Intl.Collator('en', { numeric: true });

/** A name for the table of a file, or of a member of an archive, without the date, a number at the end, and what says how it is packed. */
export function tableNameOf(file: string): string {
  const bare = guessPattern(file.slice(file.lastIndexOf('/') + 1))
    .pattern.replace(/(\.(csv|txt|tsv|dat|psv|json|ndjson|jsonl|parquet|sql|gz|zip|zst|bz2|xz|tar|tgz))+$/i, '')
    .replace(/\{[^}]*\}\*?/g, '')
    .replace(/[-_.]?(part|chunk)?[-_.]?\d+$/i, '');
  const name = plainWord(bare, 40);
  return /^[a-z]/.test(name) ? name : `t_${name}`.replace(/_$/, '').slice(0, 40);
}
