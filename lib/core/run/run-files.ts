import { layersOf } from '../archives/layers.ts';
import { shownText } from '../shown-text.ts';
import type { ArrivedFile, ArriveReceipt } from './arrive-receipt.ts';
import type { DiffReceipt } from './diff-receipt.ts';
import type { LandedFile, PullReceipt } from './pull-receipt.ts';

/** The files of a run as the log of loads has them. */
export interface RunFiles {
  readonly listed: readonly ListedFile[];
  /** By table and file, how many records were rejected; a member of an archive has its path. Without tables that reject nothing. */
  readonly rejected: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A file of a table; of an archive, each member that the table took. Names are as people may see them. */
interface ListedFile {
  readonly table: string;
  readonly file: string;
  readonly member?: string;
  /** Bytes at the source; of a member, those of the archive. */
  readonly size: number;
  /** The vendor's time, in milliseconds since 1970. */
  readonly modified: number | null;
  /** Of the bytes at the source. */
  readonly sha256?: string;
  readonly unpacked?: number;
  readonly unpackedSha256?: string;
  readonly format?: string;
  readonly rows?: number;
}

/** What the source showed, before any of it was read. */
export function arrivedFiles({ files }: ArriveReceipt): ListedFile[] {
  return files.map(asListed);
}

/** The same files when they lie in landing. */
export function landedFiles({ files }: ArriveReceipt, { tables }: PullReceipt): ListedFile[] {
  const landed = new Map(Object.entries(tables).map(([name, table]) => [name, byArrival(files, name, table.files)]));
  return files.flatMap((arrived) => {
    const found = landed.get(arrived.table)?.get(arrived.name) ?? [];
    if (found.length === 0) return [{ ...asListed(arrived), rows: 0 }];
    return found.map((file) => ({ ...asListed(arrived), ...memberOf(arrived, file), ...contentOf(arrived, file) }));
  });
}

/** By table and file. */
export function rejectedFiles({ tables }: DiffReceipt): RunFiles['rejected'] {
  const named = Object.entries(tables).flatMap(([name, { rejectedIn }]) => {
    const files = Object.entries(rejectedIn ?? {}).map(([file, count]) => [shownText(file), count] as const);
    return files.length > 0 ? [[name, Object.fromEntries(files)] as const] : [];
  });
  return Object.fromEntries(named);
}

function asListed({ table, name, size, modified }: ArrivedFile): ListedFile {
  const time = modified === null ? Number.NaN : Date.parse(modified);
  return { table, file: shownText(name), size, modified: isYearOfFourDigits(time) ? time : null };
}

/** The landed files of a table by the name at the source; members stand under that of their archive. */
function byArrival(arrived: readonly ArrivedFile[], table: string, landed: readonly LandedFile[]) {
  const own = arrived.filter((file) => file.table === table);
  const archives = new Set(own.flatMap(({ name, members }) => (members ? [name] : [])));
  const found = new Map<string, LandedFile[]>();
  for (const file of landed) {
    const name = archives.size > 0 ? archiveOf(file.name, archives) : file.name;
    const known = found.get(name);
    if (known) known.push(file);
    else found.set(name, [file]);
  }
  return found;
}

/** A member's path begins with its archive's name, and both may have slashes. */
function archiveOf(path: string, archives: ReadonlySet<string>): string {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1))
    if (archives.has(path.slice(0, end))) return path.slice(0, end);
  return path;
}

function memberOf({ name }: ArrivedFile, file: LandedFile): Pick<ListedFile, 'member'> {
  return file.name === name ? {} : { member: shownText(file.name.slice(name.length + 1)) };
}

function contentOf(
  { name }: ArrivedFile,
  { sha256, packedSha256, sent, converter, parts }: LandedFile,
): Partial<ListedFile> {
  const atSource = isPacked(name) ? packedSha256 : sha256;
  return {
    ...(atSource === undefined ? {} : { sha256: atSource }),
    unpackedSha256: sha256,
    ...(sent === undefined ? {} : { unpacked: sent }),
    ...(converter === undefined ? {} : { format: converter.format }),
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
  };
}

/** Whether its bytes at the source are others than those that land. */
export function isPacked(name: string): boolean {
  return Object.keys(layersOf(name)).length > 0;
}

/** Times of the years 1 to 9999, as PostgreSQL reads and people write them. */
function isYearOfFourDigits(time: number): boolean {
  return time >= Date.parse('0001-01-01') && time <= Date.parse('9999-12-31');
}
