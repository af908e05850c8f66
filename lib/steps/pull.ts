import { NightfeedError } from '../core/errors.ts';
import { nextNightOf } from '../core/feed/business-date.ts';
import { contentHash, deliveredColumnsOf, readingSpecHash, readingSpecOf } from '../core/feed/reading-spec.ts';
import { columnsOf } from '../core/feed/spec.ts';
import { keys } from '../core/run/keys.ts';
import type {
  ArrivedFile,
  ArriveReceipt,
  LandedFile,
  LandedTable,
  PullReceipt,
  SnapshotManifest,
  Structural,
} from '../core/run/receipt.ts';
import { decompressed } from './decompression.ts';
import type { Attendance } from './engine-port.ts';
import { landFile } from './landing.ts';
import type { Applied } from './ledger-port.ts';
import { type OpenRun, readingOf } from './order.ts';
import type { Ports, Source } from './ports.ts';
import { once, requireReceipt } from './receipts.ts';
import { Reception } from './receive.ts';
import { retrying } from './retry.ts';

/** The delivery in landing, proved whole. */
export async function pull(open: OpenRun, arrival: ArriveReceipt, ports: Ports): Promise<PullReceipt> {
  const { receipt } = await once(ports, open.run, 'pull', inputsOf(open, arrival), () => land(open, arrival, ports));
  await ports.reach('pull.receipt');
  return receipt;
}

/** What an earlier process pulled. Throws OBJECT_MISSING. */
export async function pulledBefore(open: OpenRun, arrival: ArriveReceipt, ports: Ports): Promise<PullReceipt> {
  return (await requireReceipt<PullReceipt>(ports, open.run, 'pull', inputsOf(open, arrival))).receipt;
}

function inputsOf({ order }: OpenRun, { listing }: ArriveReceipt) {
  return { listing, reading: readingOf(order.feed) };
}

async function land(open: OpenRun, arrival: ArriveReceipt, ports: Ports): Promise<PullReceipt> {
  const { feed, date } = open.order;
  const source = await ports.openSource(feed, date);
  const isAttended = ports.engine.attends && (await ports.ledger.exists());
  const applied = isAttended ? await ports.ledger.applied(feed.feed) : null;
  const progress = { done: 0, total: arrival.files.reduce((sum, file) => sum + file.size, 0) };
  try {
    const tables: Record<string, LandedTable> = {};
    for (const name of Object.keys(feed.tables)) {
      tables[name] = await pullTable(
        open,
        name,
        arrival.files.filter((file) => file.table === name),
        source,
        ports,
        progress,
        await attend(open, name, applied, ports),
      );
    }
    await ports.reach('pull.bytes');
    const snapshots = Object.entries(tables).map(([name, table]) => [name, table.snapshot]);
    return { delivery: contentHash(snapshots).slice(0, 16), tables };
  } finally {
    await source.close();
  }
}

interface Progress {
  done: number;
  readonly total: number;
}

async function pullTable(
  open: OpenRun,
  name: string,
  listed: readonly ArrivedFile[],
  source: Source,
  ports: Ports,
  progress: Progress,
  attendance: Attendance | null,
): Promise<LandedTable> {
  const { run, order } = open;
  const table = order.feed.tables[name]!;
  const files: LandedFile[] = [];
  const rejects: Structural[] = [];
  const extra = new Set<string>();
  let rows = 0;
  let bytes = 0;
  let parts = 0;
  let tries = 0;
  // Days of long ago have no next night to make room for.
  const nextNight = nextNightOf(order.feed, order.date);
  const until = nextNight && nextNight > ports.now() ? nextNight : undefined;
  for (const expected of listed) {
    const start = progress.done;
    const reception = new Reception(
      source,
      expected,
      ports,
      (bytes) => {
        progress.done = start + bytes;
        ports.progress(expected.name, progress.done, progress.total);
      },
      until,
    );
    const transfer = async () => {
      tries += 1;
      if (tries > 1) attendance?.spoil();
      // A try that failed may have left objects: the next one writes beside them, never over them.
      const attempt = tries === 1 ? open.attempt : `${open.attempt}-${tries}`;
      return naming(expected.name, async () =>
        landFile(decompressed(expected.name, reception.bytes()), {
          store: ports.store,
          format: table.format,
          columns: deliveredColumnsOf(table),
          keyOf: (part) => keys.landing(run, attempt, name, part),
          firstPart: parts,
          attendance,
          proven: isProven(expected),
          ...(ports.partBytes ? { partBytes: ports.partBytes } : {}),
        }),
      );
    };
    const landed = await retrying(ports, transfer, (error) => error.transient && !reception.isGivenUp);
    checkRows(expected, landed.rows);
    files.push({ name: expected.name, size: expected.size, ...landed.file });
    rejects.push(...landed.rejects);
    for (const column of landed.extra) extra.add(column);
    rows += landed.rows;
    bytes += landed.bytes;
    parts += landed.file.parts.length;
  }
  const key = keys.landingRejects(run, open.attempt, name);
  if (rejects.length > 0)
    await ports.store.create(key, rejects.map((reject) => `${JSON.stringify(reject)}\n`).join(''));
  const content = files.length === 1 ? files[0]!.sha256 : contentHash(files.map((file) => file.sha256));
  const landed = {
    snapshot: `${order.date}-${content.slice(0, 16)}-${readingSpecHash(readingSpecOf(table))}`,
    files,
    rows,
    bytes,
    extra: [...extra].sort(),
    rejects: rejects.length > 0 ? { key, count: rejects.length } : null,
  };
  await attendance?.end(landed);
  return landed;
}

/** Whoever compares the table with what production holds while it lands. A base that is gone is the diff's to tell. */
async function attend(open: OpenRun, name: string, applied: Applied | null, ports: Ports): Promise<Attendance | null> {
  const { feed } = open.order;
  const table = feed.tables[name]!;
  const held = applied?.tables[name];
  const text = held ? await ports.store.readText(held.snapshot) : null;
  if (text === null) return null;
  const base = JSON.parse(text) as SnapshotManifest;
  const columns = columnsOf(table);
  return ports.engine.attend({ table: name, columns, engine: feed.engine, base, reading: readingSpecOf(table) });
}

/** Not by a count of rows: a file that is cut within its last field has as many. */
function isProven({ promised }: ArrivedFile): boolean {
  return (promised?.size ?? promised?.md5 ?? promised?.sha256) !== undefined;
}

function checkRows({ name, promised }: ArrivedFile, rows: number): void {
  if (promised?.rows === undefined || promised.rows === rows) return;
  const message = `${JSON.stringify(name)} has ${rows} rows; the manifest says ${promised.rows}`;
  throw new NightfeedError('MANIFEST_MISMATCH', message);
}

/** Errors about content say in which file. */
async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof NightfeedError) || thrown.message.includes(JSON.stringify(file))) throw thrown;
    throw new NightfeedError(thrown.name, `${JSON.stringify(file)}: ${thrown.message}`, {
      hint: thrown.hint,
      cause: thrown,
    });
  }
}
