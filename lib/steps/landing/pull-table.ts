import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import { nextNightOf } from '../../core/feed/business-date.ts';
import { formatKindOf, isRecordText } from '../../core/feed/descriptors/format-descriptor.ts';
import { contentHash, deliveredColumnsOf, readingSpecHash, readingSpecOf } from '../../core/feed/reading-spec.ts';
import {
  applyContract,
  changeOfAll,
  type HeaderChange,
  headerOfDelivery,
  requireWhole,
  tableOfDelivery,
} from '../../core/feed/schema-change.ts';
import type { Table } from '../../core/feed/spec.ts';
import type { ArrivedFile } from '../../core/run/arrive-receipt.ts';
import { keys } from '../../core/run/keys.ts';
import type { LandedFile, LandedTable, Structural } from '../../core/run/pull-receipt.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { StreamingDiff } from '../../ports/comparison.ts';
import type { KeptFile } from '../../ports/engine.ts';
import type { FileFormat, Proof } from '../../ports/file-format.ts';
import type { Ports, Using } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import { keep } from '../run/keep.ts';
import { retrying } from '../run/retry.ts';
import type { OpenRun } from '../run/run-request.ts';
import { type Decompressed, decompressed } from './decompression.ts';
import { landFile } from './landing.ts';
import { Transfer } from './transfer.ts';

/** Bytes of the delivery. */
export interface Progress {
  done: number;
  readonly total: number;
}

export type TablePorts = Pick<Ports, 'formats' | 'store' | 'partBytes' | 'now' | 'sleep' | 'say' | 'progress'> &
  Using<'engine', 'keepLocally'>;

/** Brings all files of one table to landing, one after the other. */
export async function pullTable(
  open: OpenRun,
  name: string,
  listed: readonly ArrivedFile[],
  source: Source,
  ports: TablePorts,
  progress: Progress,
  streaming: StreamingDiff | null,
): Promise<LandedTable> {
  const { run, request } = open;
  const table = request.feed.tables[name]!;
  const { format, contract, ignore } = table;
  const kind = formatKindOf<FileFormat>(format, ports.formats);
  const columns = deliveredColumnsOf(table);
  const reading = readingSpecOf(table);
  const files: LandedFile[] = [];
  const emptyParts: string[] = [];
  const rejects: Structural[] = [];
  const changes: HeaderChange[] = [];
  const retyped = new Set<string>();
  let rows = 0;
  let bytes = 0;
  let parts = 0;
  let tries = 0;
  // For a date of long ago there is no next night that has to wait.
  const nextNight = nextNightOf(request.feed, request.date);
  const until = nextNight && nextNight > ports.now() ? { at: nextNight, why: 'when the next night begins' } : undefined;
  for (const expected of listed) {
    const start = progress.done;
    const transfer = new Transfer(
      source,
      expected,
      ports,
      (bytes) => {
        progress.done = start + bytes;
        ports.progress(expected.name, progress.done, progress.total);
      },
      { until },
    );
    const landOnce = async () => {
      tries += 1;
      if (tries > 1) streaming?.invalidate();
      // A failed try may have left objects. The next one writes under other keys, never over them.
      const attempt = tries === 1 ? open.attempt : `${open.attempt}-${tries}`;
      const received = transfer.bytes();
      const content = decompressed(expected.name, received);
      let kept: KeptFile | undefined;
      const localFile = async (bytes: AsyncIterable<Buffer>) => {
        kept = await ports.engine.keepLocally(bytes, expected.size);
        return kept;
      };
      const file = { format, columns, contract, ignore, reading, proof: proofOf(expected, content) };
      try {
        return await naming(expected.name, async () =>
          landFile(content.bytes, {
            store: ports.store,
            reading,
            columns,
            convert: ({ bytes }) => kind.open({ ...file, bytes, localFile: () => localFile(bytes) }),
            rawKey: keepsRaw(table, kind) ? keys.raw(run, attempt, name, files.length + emptyParts.length) : null,
            keyOf: (part) => keys.landing(run, attempt, name, part),
            firstPart: parts,
            streaming,
            ...(ports.partBytes ? { partBytes: ports.partBytes } : {}),
          }),
        );
      } finally {
        await kept?.remove();
        // What was not read to its end is given up, or its file or connection would stay open.
        received.return(undefined).catch(() => {});
      }
    };
    const landed = await retrying(ports, landOnce, (error) => error.transient && !transfer.isGivenUp).catch(
      orEmpty(table),
    );
    checkRows(expected, landed?.rows ?? 0);
    if (!landed) {
      emptyParts.push(expected.name);
      continue;
    }
    const notes = [...transfer.notes, ...landed.file.notes];
    const converter = { format: kind.name, version: kind.version ?? 1 };
    files.push({ name: expected.name, size: expected.size, ...landed.file, converter, notes });
    rejects.push(...landed.rejects);
    changes.push(landed.change);
    for (const column of landed.retyped) retyped.add(column);
    rows += landed.rows;
    bytes += landed.bytes;
    parts += landed.file.parts.length;
  }
  if (files.length === 0 && emptyParts.length > 0)
    throw new NightfeedError('EMPTY_FILE', `all ${emptyParts.length} file(s) of ${name} are empty`);
  const schema = applyContract(table, changeOfAll(changes, table.contract), [...retyped]);
  requireWhole(request.feed, name, schema, ports.formats);
  const written = tableOfDelivery(table, schema);
  if (written !== table) streaming?.invalidate();
  const key = keys.landingRejects(run, open.attempt, name);
  if (rejects.length > 0) await keep(ports, key, rejects.map((reject) => `${JSON.stringify(reject)}\n`).join(''));
  const content = files.length === 1 ? files[0]!.sha256 : contentHash(files.map((file) => file.sha256));
  const landed = {
    snapshot: `${request.date}-${content.slice(0, 16)}-${readingSpecHash(readingSpecOf(written))}`,
    files: files.map((file) => ({ ...file, header: headerOfDelivery(file.header, schema) })),
    rows,
    bytes,
    schema,
    rejects: rejects.length > 0 ? { key, count: rejects.length } : null,
    ...(emptyParts.length > 0 ? { emptyParts } : {}),
  };
  await streaming?.end(landed);
  return landed;
}

/** Whether a copy of a file is kept when landing does not tell its bytes. */
function keepsRaw({ format, lake }: Table, { movesBytes }: FileFormat): boolean {
  const mayMove = !isRecordText(format) || (movesBytes?.(format) ?? true);
  return mayMove && lake?.raw !== 'drop';
}

/** What proves a file whole. A count of rows does not, because a file that is cut within its last field has as many. */
function proofOf({ promised }: ArrivedFile, { isContainer, proof }: Decompressed): Proof | undefined {
  const isPromised = (promised?.size ?? promised?.md5 ?? promised?.sha256) !== undefined;
  if (isPromised) return () => 'the manifest';
  return isContainer ? proof : undefined;
}

/** The result for a file without bytes, where the feed accepts such files. */
function orEmpty({ empty_parts }: Table): (thrown: unknown) => null {
  return (thrown) => {
    if (empty_parts === 'accept' && asNightfeedError(thrown).name === 'EMPTY_FILE') return null;
    throw thrown;
  };
}

function checkRows({ name, promised }: ArrivedFile, rows: number): void {
  if (promised?.rows === undefined || promised.rows === rows) return;
  const message = `${excerpt(name)} has ${rows} rows; the manifest says ${promised.rows}`;
  throw new NightfeedError('MANIFEST_MISMATCH', message);
}

/** Adds the name of the file to an error about its content. */
async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof NightfeedError) || thrown.message.includes(excerpt(file))) throw thrown;
    throw new NightfeedError(thrown.name, `${excerpt(file)}: ${thrown.message}`, {
      hint: thrown.hint,
      cause: thrown,
    });
  }
}
