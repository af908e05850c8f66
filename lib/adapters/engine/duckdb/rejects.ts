import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { finished, pipeline } from 'node:stream/promises';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteLiteral } from '../../../core/feed/identifier.ts';
import { contentEnd } from '../../../core/records/fields.ts';
import type { RejectCode } from '../../../core/records/reject.ts';
import { MAX_REJECTS } from '../../../core/records/scan.ts';
import type { EngineDiff, EngineInput } from '../../../steps/engine-port.ts';
import type { Store } from '../../../steps/ports.ts';
import type { Dropped } from '../../../core/run/receipt.ts';
import type { Broken, Inputs } from './inputs.ts';
import { locateIn, tableParts } from './part-files.ts';
import type { DuckDbSession } from './session.ts';

interface ValueReject {
  readonly part: number;
  readonly ord: number;
  readonly code: RejectCode;
  /** Index of the column as text; null for duplicates. */
  readonly col: string | null;
  readonly key: string | null;
}

interface Rejects {
  readonly counts: Partial<Record<RejectCode, number>>;
  readonly files: Pick<EngineDiff['files'], 'rejects' | 'drops'>;
}

/** Longer raw text is cut in the report; place and length find the whole record in landing. */
const MAX_RAW = 10_000;

/** Finds every rejected record's bytes and place, and writes the reject report and the snapshot's drops. */
export async function writeRejects(
  session: DuckDbSession,
  store: Store,
  input: EngineInput,
  inputs: Inputs,
  rejectsSql: string,
  scratch: string,
): Promise<Rejects> {
  const total = Number((await session.run('SELECT count(*) AS n FROM rejected'))[0]!.n);
  if (total === 0) return { counts: {}, files: {} };
  if (total > MAX_REJECTS) {
    throw new NightfeedError('TOO_MANY_REJECTS', `${input.table}: ${total} records rejected; more than ${MAX_REJECTS} means that the format is not as declared`);
  }
  const values = join(scratch, 'value-rejects.ndjson');
  await session.run(`COPY (${rejectsSql}) TO ${quoteLiteral(values)} (FORMAT json)`);
  const report = createWriteStream(join(scratch, 'rejects.ndjson'));
  const drops = join(scratch, 'drops.ndjson');
  const counts: Rejects['counts'] = {};
  await pipeline(async function* () {
    for await (const { reject, line } of located(store, input, inputs, values)) {
      counts[reject.code] = (counts[reject.code] ?? 0) + 1;
      if (!report.write(line)) await once(report, 'drain');
      yield `${JSON.stringify({ part: reject.part, offset: reject.offset, length: reject.length })}\n`;
    }
  }, createWriteStream(drops));
  report.end();
  await finished(report);
  const found = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (found !== total) throw new NightfeedError('ENGINE_DISAGREES', `${input.table}: ${total} records rejected, ${found} found again`);

  const rejects = join(scratch, 'rejects.parquet');
  await session.run(`COPY (SELECT * FROM read_json(${quoteLiteral(report.path as string)}, format = 'newline_delimited', maximum_object_size = 67108864,
    columns = {code: 'VARCHAR', "column": 'VARCHAR', "key": 'VARCHAR', file: 'VARCHAR', object: 'VARCHAR', "offset": 'BIGINT', "length": 'BIGINT', raw: 'VARCHAR'}))
    TO ${quoteLiteral(rejects)} (FORMAT parquet, COMPRESSION zstd)`);
  return { counts, files: { rejects, drops } };
}

interface Located {
  readonly reject: Dropped & { readonly code: RejectCode };
  readonly line: string;
}

async function* located(store: Store, { next, columns }: EngineInput, inputs: Inputs, valuesPath: string): AsyncGenerator<Located> {
  const values = await readValueRejects(valuesPath);
  const files = next.landed.files.flatMap((file) => file.parts.map(() => file.name));
  for (const [index, tablePart] of tableParts(next.landed.files).entries()) {
    const rejects = inStreamOrder(inputs.broken.get(index) ?? [], values.get(index) ?? []);
    let nth = 0;
    for await (const { offset, length, bytes } of locateIn(store, tablePart, next.reading, rejects.map((reject) => reject.index))) {
      const { code, col, key } = rejects[nth]!;
      const place = { file: files[index], object: tablePart.part.key, offset, length };
      const report = { code, column: col === null ? null : columns[Number(col)]!.name, key, ...place, raw: rawText(bytes) };
      yield { reject: { part: index, offset, length, code }, line: `${JSON.stringify(report)}\n` };
      nth += 1;
    }
  }
}

async function readValueRejects(path: string): Promise<Map<number, ValueReject[]>> {
  const byPart = new Map<number, ValueReject[]>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const reject = JSON.parse(line) as ValueReject;
    const sofar = byPart.get(reject.part);
    if (sofar) sofar.push(reject);
    else byPart.set(reject.part, [reject]);
  }
  return byPart;
}

type NumberedReject = Pick<ValueReject, 'code' | 'col' | 'key'> & { readonly index: number };

/** One list by record number. Value rejects are numbered among the sound records only: the broken ones before them count too. */
function inStreamOrder(broken: readonly Broken[], values: readonly ValueReject[]): NumberedReject[] {
  const merged: NumberedReject[] = [];
  let passed = 0;
  const passBroken = (before: (index: number) => boolean) => {
    for (; passed < broken.length && before(broken[passed]!.index); passed += 1) {
      merged.push({ index: broken[passed]!.index, code: broken[passed]!.code, col: null, key: null });
    }
  };
  for (const { ord, code, col, key } of values) {
    passBroken((index) => index <= ord + passed);
    merged.push({ index: ord + passed, code, col, key });
  }
  passBroken(() => true);
  return merged;
}

function rawText(bytes: Buffer): string {
  return bytes.subarray(0, Math.min(MAX_RAW, contentEnd(bytes))).toString();
}
