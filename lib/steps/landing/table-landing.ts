import { NightfeedError } from '../../core/errors.ts';
import { formatKindOf, isCopied } from '../../core/feed/descriptors/format-descriptor.ts';
import { contentHash, deliveredColumnsOf, readingSpecHash, readingSpecOf } from '../../core/feed/reading-spec.ts';
import {
  applyContract,
  changeOfAll,
  headerOfDelivery,
  requireWhole,
  tableOfDelivery,
} from '../../core/feed/schema-change.ts';
import type { Table } from '../../core/feed/spec.ts';
import { keys } from '../../core/run/keys.ts';
import type { LandedTable, Structural } from '../../core/run/pull-receipt.ts';
import type { StreamingDiff } from '../../ports/comparison.ts';
import type { FileFormat, Proof } from '../../ports/file-format.ts';
import type { Ports, Using } from '../../ports/ports.ts';
import { keep } from '../run/keep.ts';
import type { OpenRun } from '../run/run-request.ts';
import { keptOnce } from './kept-once.ts';
import { type Landed, landFile } from './landing.ts';

export type TablePorts = Pick<Ports, 'formats' | 'store' | 'partBytes' | 'now' | 'sleep' | 'say' | 'progress'> &
  Using<'engine', 'keepLocally'>;

/** Unpacked bytes of a file, what may prove them whole, and their least number, for the disk that may have to hold them. */
export interface Content {
  readonly bytes: AsyncIterable<Buffer>;
  readonly proof: Proof | undefined;
  readonly size: number;
}

/** A file, or a member of an archive, that lies in landing. `notes` are those of its transfer. */
export interface FileInLanding {
  readonly name: string;
  readonly size: number;
  readonly notes: readonly string[];
  /** Where it lay packed at the source. */
  readonly packedSha256?: string | undefined;
  /** null: it has no bytes, and the feed accepts that. */
  readonly landed: Landed | null;
}

/** Brings the files of a table to landing, and answers for the table when they are all there. */
export class TableLanding {
  readonly #open: OpenRun;
  readonly #name: string;
  readonly #ports: TablePorts;
  readonly #streaming: StreamingDiff | null;
  readonly #files: FileInLanding[] = [];
  #tries = 0;

  constructor(open: OpenRun, name: string, ports: TablePorts, streaming: StreamingDiff | null) {
    this.#open = open;
    this.#name = name;
    this.#ports = ports;
    this.#streaming = streaming;
  }

  get acceptsEmpty(): boolean {
    return this.#table.empty_parts === 'accept';
  }

  /** Lands the unpacked bytes of a file. It counts only when it is added: the transfer may break, and begin again. */
  async land({ bytes, proof, size }: Content): Promise<Landed> {
    this.#tries += 1;
    if (this.#tries > 1) this.#streaming?.invalidate();
    const { run, attempt: first } = this.#open;
    // A failed try may have left objects. The next one writes under other keys, never over them.
    const attempt = this.#tries === 1 ? first : `${first}-${this.#tries}`;
    const { format, contract, ignore } = this.#table;
    const { store, engine, partBytes } = this.#ports;
    const kind = this.#kind;
    const columns = deliveredColumnsOf(this.#table);
    const reading = readingSpecOf(this.#table);
    // Where files land in their order, the name of each part has its place in the table.
    const firstPart = this.#files.reduce((sum, { landed }) => sum + (landed?.file.parts.length ?? 0), 0);
    const kept = keptOnce({ engine }, size);
    const file = { format, columns, contract, ignore, reading, proof };
    try {
      return await landFile(bytes, {
        store,
        reading,
        columns,
        format: kind.name,
        convert: ({ bytes }) => kind.open({ ...file, bytes, localFile: () => kept.localFile(bytes) }),
        rawKey: keepsRaw(this.#table, kind) ? keys.raw(run, attempt, this.#name) : null,
        keyOf: (part) => keys.landing(run, attempt, this.#name, firstPart + part),
        streaming: this.#streaming,
        ...(partBytes ? { partBytes } : {}),
      });
    } finally {
      await kept.remove();
    }
  }

  add(file: FileInLanding): void {
    this.#files.push(file);
  }

  /** Throws EMPTY_FILE when nothing has a byte, and what the contract throws. */
  async end(): Promise<LandedTable> {
    const { run, request, attempt } = this.#open;
    const table = this.#table;
    // Members come in the archive's order, which says nothing.
    const inOrder = this.#files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const landed = inOrder.flatMap(({ landed, ...file }) => (landed ? [{ ...file, landed }] : []));
    const emptyParts = inOrder.flatMap(({ name, landed }) => (landed ? [] : [name]));
    if (landed.length === 0 && emptyParts.length > 0)
      throw new NightfeedError('EMPTY_FILE', `all ${emptyParts.length} file(s) of ${this.#name} are empty`);
    const change = changeOfAll(
      landed.map(({ landed }) => landed.change),
      table.contract,
    );
    const retyped = new Set(landed.flatMap(({ landed }) => landed.retyped));
    const schema = applyContract(table, change, [...retyped]);
    requireWhole(request.feed, this.#name, schema, this.#ports.formats);
    const written = tableOfDelivery(table, schema);
    if (written !== table) this.#streaming?.invalidate();
    const key = keys.landingRejects(run, attempt, this.#name);
    const rejects = rejectsOf(landed.map((file) => file.landed));
    if (rejects.length > 0)
      await keep(this.#ports, key, rejects.map((reject) => `${JSON.stringify(reject)}\n`).join(''));
    const hashes = landed.map(({ landed }) => landed.file.sha256);
    const content = hashes.length === 1 ? hashes[0]! : contentHash(hashes);
    const whole = {
      snapshot: `${request.date}-${content.slice(0, 16)}-${readingSpecHash(readingSpecOf(written))}`,
      files: landed.map(({ name, size, notes, packedSha256, landed: { file } }) => ({
        name,
        size,
        ...file,
        ...(packedSha256 === undefined ? {} : { packedSha256 }),
        converter: { format: this.#kind.name, version: this.#kind.version ?? 1 },
        ...(this.#kind.isSpooled ? { isSpooled: true as const } : {}),
        notes: [...notes, ...file.notes],
        header: headerOfDelivery(file.header, schema),
      })),
      rows: landed.reduce((sum, { landed }) => sum + landed.rows, 0),
      bytes: landed.reduce((sum, { landed }) => sum + landed.bytes, 0),
      schema,
      rejects: rejects.length > 0 ? { key, count: rejects.length } : null,
      ...(emptyParts.length > 0 ? { emptyParts } : {}),
    };
    await this.#streaming?.end(whole);
    return whole;
  }

  get #table(): Table {
    return this.#open.request.feed.tables[this.#name]!;
  }

  get #kind(): FileFormat {
    return formatKindOf<FileFormat>(this.#table.format, this.#ports.formats);
  }
}

/** Whether a copy of a file is kept when landing does not tell its bytes. */
function keepsRaw({ format, lake }: Table, kind: FileFormat): boolean {
  return lake?.raw !== 'drop' && isCopied(format, [kind]);
}

/** The rejects of all files, with the numbers of their parts within the table. */
function rejectsOf(files: readonly Landed[]): Structural[] {
  const rejects: Structural[] = [];
  let before = 0;
  for (const { file, rejects: found } of files) {
    for (const reject of found) rejects.push({ ...reject, part: reject.part + before });
    before += file.parts.length;
  }
  return rejects;
}
