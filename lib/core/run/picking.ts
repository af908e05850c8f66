import { NightfeedError } from '../errors.ts';
import { type BusinessDate, withDate } from '../feed/business-date.ts';
import { matchesPattern } from '../feed/pattern.ts';
import type { Feed } from '../feed/spec.ts';
import type { ArrivedFile, SourceFile } from './receipt.ts';

/** The files of a delivery among those that the source lists, each with its table, in the order of their names. Throws AMBIGUOUS_FILE. */
export function pickFiles(feed: Feed, date: BusinessDate, listed: readonly SourceFile[]): ArrivedFile[] {
  const sorted = [...listed].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.flatMap((file) => {
    const tables = Object.keys(feed.tables).filter((table) => matchesPattern(patternOf(feed, table, date), file.name));
    if (tables.length > 1) {
      throw new NightfeedError(
        'AMBIGUOUS_FILE',
        `${JSON.stringify(file.name)} fits the tables ${tables.join(' and ')}; a file belongs to one table`,
      );
    }
    const { name, size, modified, version } = file;
    return tables.map((table) => ({ table, name, size, modified, ...(version === undefined ? {} : { version }) }));
  });
}

/** What the names of a table's files look like at this date. */
export function patternOf(feed: Feed, table: string, date: BusinessDate): string {
  return withDate(feed.tables[table]!.files, date);
}
