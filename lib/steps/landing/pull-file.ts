import { MemberRoute } from '../../core/delivery/member-route.ts';
import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import type { ArrivedFile } from '../../core/run/arrive-receipt.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Proof } from '../../ports/file-format.ts';
import type { Source } from '../../ports/source.ts';
import { retrying } from '../run/retry.ts';
import { type Archived, archived, type Decompressed, decompressed } from './decompression.ts';
import { packedBytesOf } from './packed-bytes.ts';
import type { FileInLanding, TableLanding, TablePorts } from './table-landing.ts';
import { Transfer } from './transfer.ts';

/** Bytes of the delivery. */
interface Progress {
  done: number;
  readonly total: number;
}

/** Where a file goes: one table, or each table that takes members of it. */
export interface Share {
  readonly file: ArrivedFile;
  readonly landing: TableLanding;
}

interface Pulling {
  readonly source: Source;
  readonly ports: TablePorts;
  readonly progress: Progress;
  /** When the transfer has to be done, and what starts then. */
  readonly until: { readonly at: Date; readonly why: string } | undefined;
}

/** Brings a file to landing. An archive is transferred once, whatever number of tables takes members of it. Answers what it left out. */
export async function pullFile(
  shares: readonly [Share, ...Share[]],
  { source, ports, progress, until }: Pulling,
): Promise<string[]> {
  const [{ file }] = shares;
  const start = progress.done;
  const transfer = new Transfer(
    source,
    file,
    ports,
    (bytes) => {
      progress.done = start + bytes;
      ports.progress(file.name, progress.done, progress.total);
    },
    { until },
  );
  const landOnce = async (): Promise<Landings> => {
    const received = transfer.bytes();
    return naming(file.name, file, () => landingsOf(shares, received)).finally(() => {
      // What was not read to its end is given up, or its file or connection would stay open.
      received.return(undefined).catch(() => {});
    });
  };
  const { landings, ignored } = await retrying(
    ports,
    landOnce,
    (error) => error.transient && !transfer.isGivenUp,
  ).catch(orEmpty(shares));
  checkRows(
    file,
    landings.reduce((sum, { landed }) => sum + (landed?.rows ?? 0), 0),
  );
  for (const { landing, ...found } of landings)
    landing.add({ ...found, notes: found.landed ? [...transfer.notes, ...found.notes] : [] });
  return ignored;
}

interface Landings {
  readonly landings: readonly (FileInLanding & { readonly landing: TableLanding })[];
  /** Members that no table takes. */
  readonly ignored: string[];
}

/** A file that is packed is hashed on its way as it lies at the source. */
async function landingsOf(shares: readonly [Share, ...Share[]], received: AsyncIterable<Buffer>): Promise<Landings> {
  const packed = packedBytesOf(shares[0].file, received);
  if (!packed) return landContent(shares, received);
  const found = await landContent(shares, packed.bytes());
  const packedSha256 = packed.sha256();
  return { ...found, landings: found.landings.map((landing) => ({ ...landing, packedSha256 })) };
}

async function landContent(shares: readonly [Share, ...Share[]], received: AsyncIterable<Buffer>): Promise<Landings> {
  const [{ file, landing }] = shares;
  if (file.members) return landMembers(shares, archived(file.name, received)!);
  const content = decompressed(file.name, received);
  const landed = await landing.land({ bytes: content.bytes, proof: proofOf(file, content), size: file.size });
  return { landings: [{ landing, name: file.name, size: file.size, notes: [], landed }], ignored: [] };
}

async function landMembers(shares: readonly [Share, ...Share[]], archive: Archived): Promise<Landings> {
  const { file } = shares[0];
  const route = new MemberRoute(shares.map((share) => share.file));
  const landings: Landings['landings'][number][] = [];
  for await (const member of archive.members) {
    const table = route.tableOf(member.name);
    if (table === undefined || route.isRefused) continue;
    const { landing } = shares.find((share) => share.file.table === table)!;
    const path = `${file.name}/${member.name}`;
    const landed = await naming(path, file, () =>
      landing.land({ bytes: member.bytes(), proof: proofOf(file, archive), size: 0 }),
    ).catch(orNothing(landing));
    landings.push({ landing, name: path, size: landed?.file.sent ?? 0, notes: [], landed });
  }
  route.requireAll();
  return { landings, ignored: route.ignored.map((name) => `${file.name}/${name}`) };
}

/** What proves a file whole. A count of rows does not, because a file that is cut within its last field has as many. */
function proofOf(
  { promised }: ArrivedFile,
  { isContainer, proof }: Pick<Decompressed, 'isContainer' | 'proof'>,
): Proof | undefined {
  const isPromised = (promised?.size ?? promised?.md5 ?? promised?.sha256) !== undefined;
  if (isPromised) return () => 'the manifest';
  return isContainer ? proof : undefined;
}

/** The result for a file without bytes, where each of its tables accepts such files. */
function orEmpty(shares: readonly Share[]): (thrown: unknown) => Landings {
  return (thrown) => {
    const nothing = shares.map(({ file: { name, size }, landing }) => {
      return { landing, name, size, notes: [], landed: orNothing(landing)(thrown) };
    });
    return { landings: nothing, ignored: [] };
  };
}

/** The same for one table. */
function orNothing({ acceptsEmpty }: TableLanding): (thrown: unknown) => null {
  return (thrown) => {
    if (acceptsEmpty && asNightfeedError(thrown).name === 'EMPTY_FILE') return null;
    throw thrown;
  };
}

function checkRows({ name, promised }: ArrivedFile, rows: number): void {
  if (promised?.rows === undefined || promised.rows === rows) return;
  const message = `${excerpt(name)} has ${rows} rows; the manifest says ${promised.rows}`;
  throw new NightfeedError('MANIFEST_MISMATCH', message);
}

/** Adds the name of the file, or of the member in it, to an error about its content that does not name it. */
async function naming<T>(name: string, file: ArrivedFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const beginning = excerpt(file.name).slice(0, -1);
    if (!(thrown instanceof NightfeedError) || thrown.message.includes(beginning)) throw thrown;
    throw new NightfeedError(thrown.name, `${excerpt(name)}: ${thrown.message}`, {
      hint: thrown.hint,
      cause: thrown,
    });
  }
}
