import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NightfeedError } from '../../lib/core/errors.ts';
import { spreadsheetLine, spreadsheetStart, visible } from '../../lib/core/records/spreadsheet.ts';
import { parseRunName, type RunId } from '../../lib/core/run/keys.ts';
import { listQuarantine, type QuarantineList, quarantinedRecords } from '../../lib/steps/quarantine.ts';
import { openWorkplace } from './compose.ts';
import type { Output } from './output.ts';

interface Filter {
  readonly table?: string;
  readonly code?: string;
}

/** `quarantine list`: how many rows wait, by run, table and reason. */
export async function list(
  output: Output,
  { feed, run, ...filter }: Filter & { readonly feed?: string; readonly run?: string },
): Promise<number> {
  const { ports, close } = await openWorkplace(output);
  try {
    const where = { ...filter, ...(feed ? { feed } : {}), ...(run ? { run: runId(run) } : {}) };
    return reportList(output, await listQuarantine(where, ports));
  } finally {
    await close();
  }
}

export function reportList(output: Output, found: QuarantineList): number {
  output.answer(found);
  if (found.quarantine.length === 0) output.print('Nothing is quarantined.');
  for (const { run, table, code, rows } of found.quarantine)
    output.print(
      `  ${run.padEnd(28)} ${table.padEnd(20)} ${code.padEnd(14)} ${rows.toLocaleString('en').padStart(11)}`,
    );
  return 0;
}

/** Rows that a person reads on a terminal unless told otherwise. */
const SHOWN = 20;
/** Characters of raw text on a terminal. */
const MAX_RAW = 300;

/** `quarantine show`: the rows themselves, on the terminal or into a file for a spreadsheet. */
export async function show(
  output: Output,
  name: string,
  { limit, csv, ...filter }: Filter & { readonly limit?: number; readonly csv?: string },
): Promise<number> {
  const run = runId(name);
  const { ports, close } = await openWorkplace(output);
  try {
    const records = quarantinedRecords({ run, ...filter }, ports);
    if (csv !== undefined) return await writeCsv(output, records, csv, limit ?? Number.POSITIVE_INFINITY);
    const rows = [];
    const most = limit ?? SHOWN;
    for await (const record of records) {
      if (rows.push(record) > most) break;
    }
    const shown = rows.slice(0, most);
    output.answer({ run: name, rows: shown, more: rows.length > most });
    for (const { table, code, column, key, file, object, offset, length, raw } of shown) {
      const where = column === null ? '' : ` in ${visible(column)}`;
      output.print(
        `${output.paint('bold', table)}  ${output.paint('yellow', code)}${where}  key ${visible(key ?? 'unreadable')}`,
      );
      output.print(output.paint('dim', `  ${visible(file)}, ${object}, byte ${offset}, ${length} bytes`));
      output.print(`  ${visible(raw.slice(0, MAX_RAW))}${raw.length > MAX_RAW ? '…' : ''}`);
    }
    if (rows.length === 0)
      output.print(
        `Nothing of ${name} waits in quarantine. Rows come there when a run is published; \`nightfeed status ${name}\` tells what became of this one.`,
      );
    if (rows.length > most) output.print(`The first ${most} rows; --limit shows more, --csv FILE writes all.`);
    return 0;
  } finally {
    await close();
  }
}

const columns = ['table', 'code', 'column', 'key', 'file', 'object', 'offset', 'length', 'raw'] as const;

async function writeCsv(
  output: Output,
  records: ReturnType<typeof quarantinedRecords>,
  path: string,
  limit: number,
): Promise<number> {
  let rows = 0;
  await pipeline(
    Readable.from(
      (async function* () {
        yield spreadsheetStart + spreadsheetLine(columns);
        for await (const record of records) {
          if (rows === limit) return;
          rows += 1;
          yield spreadsheetLine(columns.map((column) => record[column]));
        }
      })(),
    ),
    createWriteStream(path),
  ).catch((error: NodeJS.ErrnoException) => {
    if (error.syscall === undefined) throw error;
    throw new NightfeedError('USAGE', `${path} cannot be written: ${error.code}`);
  });
  output.answer({ csv: path, rows });
  output.print(`${rows.toLocaleString('en')} rows in ${path}`);
  return 0;
}

export function runId(name: string): RunId {
  const run = parseRunName(name);
  if (run) return run;
  throw new NightfeedError('RUN_UNKNOWN', `${JSON.stringify(name)} is no run; runs are named like catalog/2026-11-20`);
}
