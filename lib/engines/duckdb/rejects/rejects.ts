import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { type SampleReject, type SampleUnreadable, shorten } from '../../../core/diff/samples.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteLiteral } from '../../../core/feed/identifier.ts';
import { rejectNames } from '../../../core/feed/reject-names.ts';
import { contentEnd } from '../../../core/records/fields.ts';
import { OLDER, type RejectCode } from '../../../core/records/reject.ts';
import type { LandedTable } from '../../../core/run/pull-receipt.ts';
import type { Dropped } from '../../../core/run/snapshot-manifest.ts';
import type { EngineDiff, EngineInput } from '../../../ports/comparison.ts';
import { tableParts } from '../part-files.ts';
import type { Inputs, LocatedReject } from '../plan-inputs.ts';
import { type DuckDbSession, PARQUET } from '../session.ts';
import { readableKeys } from './malformed-fields.ts';

export interface Rejects {
  readonly counts: Partial<Record<RejectCode, number>>;
  /** By name of the file; absent where nothing is rejected. */
  readonly byFile?: Readonly<Record<string, number>>;
  readonly files: Pick<EngineDiff['files'], 'rejects' | 'drops'>;
  /** The first reject whose key cannot be read. */
  readonly unreadable?: SampleUnreadable;
}

interface Located extends Pick<Inputs, 'recordNumber'> {
  readonly rejected: number;
  /** Number of older versions of a key. They are dropped from the snapshot, but nobody has to look at them. */
  readonly collapsed: number;
  readonly located: AsyncIterable<LocatedReject>;
}

interface Unreadable {
  readonly reject: SampleReject;
  readonly place: Dropped;
}

/** Longer raw text is cut in the report; place and length find the whole record in landing. */
const MAX_RAW = 10_000;

/** Finds the bytes and place of every record that is rejected or an older version, and writes the reject report and the snapshot's drops. */
export async function writeRejects(
  session: DuckDbSession,
  input: EngineInput,
  { rejected, collapsed, located, recordNumber }: Located,
  scratch: string,
): Promise<Rejects> {
  if (rejected + collapsed === 0) return { counts: {}, files: {} };
  const reportPath = join(scratch, 'rejects.ndjson');
  const drops = join(scratch, 'drops.ndjson');
  const { counts, byFile, older, first } = await writeLines(input, located, reportPath, drops);
  const found = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (found !== rejected || older !== collapsed)
    throw new NightfeedError(
      'ENGINE_DISAGREES',
      `${input.table}: ${rejected} records rejected and ${collapsed} left out, ${found} and ${older} found again`,
    );
  if (rejected === 0) return { counts, files: { drops } };

  const rejects = join(scratch, 'rejects.parquet');
  const select = `SELECT * FROM read_json(${quoteLiteral(reportPath)}, format = 'newline_delimited', maximum_object_size = 67108864,
    columns = {code: 'VARCHAR', "column": 'VARCHAR', "key": 'VARCHAR', file: 'VARCHAR', object: 'VARCHAR', "offset": 'BIGINT', "length": 'BIGINT', raw: 'VARCHAR'})`;
  await session.write([{ select, path: rejects, format: PARQUET }]);
  const files = { rejects, drops };
  return first
    ? { counts, byFile, files, unreadable: await placed(input.next.landed, first, recordNumber) }
    : { counts, byFile, files };
}

async function writeLines(
  { next }: EngineInput,
  located: AsyncIterable<LocatedReject>,
  reportPath: string,
  dropsPath: string,
): Promise<
  Pick<Required<Rejects>, 'counts' | 'byFile'> & { readonly older: number; readonly first: Unreadable | undefined }
> {
  const counts: Rejects['counts'] = {};
  const byFile = new Map<string, number>();
  let older = 0;
  let first: Unreadable | undefined;
  const hasReadableKey = readableKeys(next.reading);
  const parts = tableParts(next.landed.files);
  const named = rejectNames(next.reading);
  const names = next.landed.files.flatMap((file) => file.parts.map(() => file.name));
  const report = createWriteStream(reportPath);
  const reported = finished(report);
  // It is awaited below. Until then a failure would count as unhandled and end the process.
  reported.catch(() => {});
  await pipeline(async function* () {
    for await (const { part, offset, length, code, col, key, readable, bytes } of located) {
      yield `${JSON.stringify({ part, offset, length } satisfies Dropped)}\n`;
      if (code === OLDER) {
        older += 1;
        continue;
      }
      counts[code] = (counts[code] ?? 0) + 1;
      byFile.set(names[part]!, (byFile.get(names[part]!) ?? 0) + 1);
      const column = col === null ? null : named.get(col)!;
      const raw = bytes.subarray(0, Math.min(MAX_RAW, contentEnd(bytes))).toString();
      const line = { code, column, key, file: names[part], object: parts[part]!.part.key, offset, length, raw };
      if (!first && !(readable ?? hasReadableKey({ code, bytes }, parts[part]!.header)))
        first = { reject: { code, column, key: null, raw: shorten(raw) }, place: { part, offset, length } };
      if (report.errored) throw report.errored;
      if (!report.write(`${JSON.stringify(line)}\n`)) await once(report, 'drain');
    }
  }, createWriteStream(dropsPath));
  report.end();
  await reported;
  return { counts, byFile: Object.fromEntries(byFile), older, first };
}

/** A reject with its place in the vendor's file: by its number, where its bytes stand elsewhere there. */
async function placed(
  { files }: LandedTable,
  { reject, place }: Unreadable,
  recordNumber: Located['recordNumber'],
): Promise<SampleUnreadable> {
  const { part, offset, length } = place;
  let past = 0;
  const file = files.find(({ parts }) => {
    past += parts.length;
    return part < past;
  })!;
  const sizes = file.parts.map(({ bytes }) => bytes);
  const sum = (some: readonly number[]) => some.reduce((total, bytes) => total + bytes, 0);
  const within = part - (past - sizes.length);
  const head = Buffer.from(file.head, 'base64').length;
  return {
    ...reject,
    ...(file.movesBytes ? { record: await recordNumber(place) } : {}),
    file: file.name,
    byte: head + sum(sizes.slice(0, within)) + offset,
    isLast: sum(sizes.slice(within)) === offset + length,
  };
}
