import { businessDateAt } from '../../../lib/core/feed/business-date.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { placeText } from '../../../lib/core/records/record-place.ts';
import { shownText } from '../../../lib/core/shown-text.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { type SampledTable, sample as sampleNight } from '../../../lib/workflows/sample/sample.ts';
import type { Cli } from '../cli.ts';
import { checkFeed, openWorkplace } from '../compose.ts';
import type { Output } from '../output/output.ts';
import { tableLines } from '../output/table.ts';

export interface SampleOptions {
  readonly date?: string;
  readonly table?: string;
  readonly rows: number;
}

/** Shows the first rows of a delivery as they would land. */
export async function sample(cli: Cli, path: string, { date, table, rows }: SampleOptions): Promise<number> {
  const { output, wings } = cli;
  const { feed, folder } = await readFeedFile(path, feedSchema(wings));
  await checkFeed(feed, wings);
  const { ports, close } = await openWorkplace(cli, { feed: feed.feed, folder }, { database: 'perhaps' });
  try {
    const day = date ?? businessDateAt(feed, new Date());
    const tables = await sampleNight({ feed, date: day, table: table ?? null, most: rows }, ports);
    output.answer({ feed: feed.feed, date: day, tables });
    for (const each of tables) print(each, output);
    return 0;
  } finally {
    await close();
  }
}

function print({ table, file, columns, records }: SampledTable, output: Output): void {
  output.print(`${output.paint('bold', table)}  ${shownText(file)}`);
  const rows = records.flatMap(({ row }) => (row ? [columns.map((name) => row[name] ?? NULL)] : []));
  const lines = tableLines(
    [columns, ...rows],
    columns.map(() => ({})),
    output.room,
  );
  for (const line of lines.every(({ length }) => length <= output.room) ? lines : blocks(columns, rows))
    output.print(line);
  for (const { code, isFiltered, raw, place } of records) {
    if (code !== null) {
      output.print(`  ${output.paint('yellow', 'rejected')}  ${code}  ${shownText(placeText(place))}`);
      output.print(`    ${shownText(raw, MAX_RAW)}`);
    } else if (isFiltered) output.print(`  filtered  ${shownText(raw, MAX_RAW)}`);
  }
}

/** A line for each value, where the columns do not fit beside one another. */
function blocks(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...columns.map((name) => name.length));
  return rows.flatMap((row) => [
    ...columns.map((name, index) => `  ${name.padEnd(width)}  ${shownText(row[index]!)}`),
    '',
  ]);
}

/** As no text of a vendor's looks that is not quoted. */
const NULL = '∅';
const MAX_RAW = 100;
