import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Shown } from '../../../lib/cloud/operator-job.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { placeText } from '../../../lib/core/records/record-place.ts';
import { spreadsheetLine, spreadsheetStart } from '../../../lib/core/records/scan/spreadsheet.ts';
import { parseRunName, type RunId } from '../../../lib/core/run/keys.ts';
import { shownText } from '../../../lib/core/shown-text.ts';
import { listQuarantine, type QuarantineList, quarantinedRecords } from '../../../lib/workflows/quarantine.ts';
import { type PlacedRecord, unplaced, withPlaces } from '../../../lib/workflows/quarantine-places.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';
import { privateFile } from '../home/private-file.ts';
import type { Output } from '../output/output.ts';
import { aligned, type Column, tableLines } from '../output/table.ts';

interface Filter {
  readonly table?: string;
  readonly code?: string;
}

/** `quarantine list`: how many rows wait, by run, table and reason. */
export async function list(
  cli: Cli,
  { feed, run, ...filter }: Filter & { readonly feed?: string; readonly run?: string },
): Promise<number> {
  const { output } = cli;
  const of = run === undefined ? undefined : runId(run);
  const { ports, close } = await openWorkplace(cli, { feed: of?.feed ?? feed });
  try {
    const where = { ...filter, ...(feed ? { feed } : {}), ...(of ? { run: of } : {}) };
    return reportList(output, await listQuarantine(where, ports));
  } finally {
    await close();
  }
}

export function reportList(output: Output, found: QuarantineList): number {
  output.answer(found);
  if (found.quarantine.length + found.held.length === 0) {
    output.print('Nothing is quarantined.');
    return 0;
  }
  const counted = [
    ...found.quarantine.map(({ run, table, code, rows }) => ({ run, table, code, rows, look: '' })),
    ...found.held.map(({ run, table, rows }) => {
      return { run, table, code: 'held', rows, look: `look: nightfeed quarantine show ${run}` };
    }),
  ].map(({ run, table, code, rows, look }) => [run, table, code, rows.toLocaleString('en'), look]);
  const wide = aligned(counted, LISTED);
  if (wide.width <= output.room) for (const line of wide.lines) output.print(line);
  else {
    const numbers = counted.map((row) => row.slice(0, -1));
    for (const line of tableLines(numbers, LISTED.slice(0, -1), output.room)) output.print(line);
    // A command is not broken between words: people copy it.
    for (const look of new Set(counted.map((row) => row.at(-1)!))) if (look) output.print(`  ${look}`);
  }
  return 0;
}

const LISTED: Column[] = [{ least: 27 }, { least: 19 }, { least: 13 }, { align: 'right', least: 11 }, {}];

/** Rows that a person reads on a terminal unless told otherwise. */
export const SHOWN = 20;
/** Characters of a vendor's text on a terminal. */
const MAX_SHOWN = 300;

/** `quarantine show`: the rows themselves, on the terminal or into a file for a spreadsheet. */
export async function show(
  cli: Cli,
  name: string,
  {
    limit,
    csv,
    places,
    ...filter
  }: Filter & { readonly limit?: number; readonly csv?: string; readonly places: boolean },
): Promise<number> {
  const { output } = cli;
  const run = runId(name);
  const { ports, close } = await openWorkplace(cli, { feed: run.feed });
  try {
    const records = quarantinedRecords({ run, ...filter }, ports);
    const placed = (some: Parameters<typeof unplaced>[0]) => (places ? withPlaces(some, ports) : unplaced(some));
    if (csv !== undefined) return await writeCsv(output, placed(records), csv, limit ?? Number.POSITIVE_INFINITY);
    const found = [];
    const most = limit ?? SHOWN;
    for await (const record of records) {
      if (found.push(record) > most) break;
    }
    const rows: PlacedRecord[] = [];
    for await (const record of placed(found.slice(0, most))) rows.push(record);
    return reportShown(output, name, { rows, more: found.length > most });
  } finally {
    await close();
  }
}

/** On the terminal. */
export function reportShown(output: Output, name: string, { rows, more }: Shown): number {
  output.answer({ run: name, rows, more });
  for (const row of rows) {
    const { table, code, column, key, object, offset, length, raw } = row;
    const where = column === null ? '' : ` in ${shownText(column, MAX_SHOWN)}`;
    output.print(
      `${output.paint('bold', table)}  ${output.paint('yellow', code)}${where}  key ${shownText(key ?? 'none, or unreadable', MAX_SHOWN)}`,
    );
    output.print(`  ${shownText(row.file, MAX_SHOWN)}${row.place ? ' ' : ', '}${shownText(placeOf(row), MAX_SHOWN)}`);
    output.print(output.paint('dim', `  ${object}, byte ${offset}, ${length} bytes`));
    output.print(`  ${shownText(raw, MAX_SHOWN)}`);
  }
  if (rows.length === 0)
    output.print(
      `Nothing of ${name} waits in quarantine. Rows come there when a run is published; \`nightfeed status ${name}\` tells what became of this one.`,
    );
  if (more) output.print(`The first ${rows.length} rows; --limit shows more, --csv FILE writes all.`);
  return 0;
}

/** The place in the vendor's file, or why there is none; a pipeline on AWS that is older than this program says neither. */
function placeOf({ place, unplaced }: Partial<PlacedRecord>): string {
  return place ? placeText(place) : `no place${unplaced ? `: ${unplaced}` : ''}`;
}

const columns = ['table', 'code', 'column', 'key', 'file', 'place', 'object', 'offset', 'length', 'raw'] as const;

export async function writeCsv(
  output: Output,
  records: AsyncIterable<Shown['rows'][number]> | Shown['rows'],
  path: string,
  limit: number,
): Promise<number> {
  let rows = 0;
  const file = await privateFile(path).catch((error) => {
    throw unwritable(path, error);
  });
  await pipeline(
    Readable.from(
      (async function* () {
        yield spreadsheetStart + spreadsheetLine(columns);
        for await (const record of records) {
          if (rows === limit) return;
          rows += 1;
          yield spreadsheetLine(columns.map((column) => (column === 'place' ? placeOf(record) : record[column])));
        }
      })(),
    ),
    file,
  ).catch((error) => {
    throw unwritable(path, error);
  });
  output.answer({ csv: path, rows });
  output.print(`${rows.toLocaleString('en')} rows in ${path}`);
  return 0;
}

function unwritable(path: string, error: NodeJS.ErrnoException): unknown {
  return error.syscall === undefined ? error : new NightfeedError('USAGE', `${path} cannot be written: ${error.code}`);
}

export function runId(name: string): RunId {
  const run = parseRunName(name);
  if (run) return run;
  throw new NightfeedError(
    'RUN_UNKNOWN',
    `${JSON.stringify(name)} is not the name of a run; runs are named like catalog/2026-11-20`,
  );
}
