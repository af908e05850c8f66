import { NightfeedError } from '../core/errors.ts';
import type { Table } from '../core/feed/spec.ts';
import { readObject } from '../core/objects/object-kind.ts';
import type { RecordPlace } from '../core/records/record-place.ts';
import { keys, parseRunName } from '../core/run/keys.ts';
import { type LandedFile, pullReceipt } from '../core/run/pull-receipt.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { QuarantinedRecord } from '../ports/quarantine.ts';
import { DeliveredPlaces } from '../steps/landing/delivered-places.ts';
import type { ReadingPorts } from '../steps/landing/open-again.ts';
import { removedByKeep } from '../steps/retention/removed-by-keep.ts';
import { readFeed } from '../steps/run/feed-document.ts';

/** A quarantined record, and where it stands in the vendor's file. */
export interface PlacedRecord extends QuarantinedRecord {
  readonly table: string;
  /** null when it cannot be told. */
  readonly place: RecordPlace | null;
  /** Why not. */
  readonly unplaced: string | null;
}

type TableRecord = QuarantinedRecord & { readonly table: string };
export type PlacePorts = ReadingPorts & WithLedger<Runs>;

/** Adds the places. A file is read on from record to record: in the order of a report, each file is read once. */
export async function* withPlaces(
  records: AsyncIterable<TableRecord> | Iterable<TableRecord>,
  ports: PlacePorts,
): AsyncGenerator<PlacedRecord> {
  const places = new Places(ports);
  try {
    for await (const record of records) yield { ...record, ...(await places.of(record)) };
  } finally {
    await places.close();
  }
}

/** The records alone, without a look at the vendor's files. */
export async function* unplaced(
  records: AsyncIterable<TableRecord> | Iterable<TableRecord>,
): AsyncGenerator<PlacedRecord> {
  for await (const record of records) yield { ...record, place: null, unplaced: 'it was not asked for' };
}

type Answer = Pick<PlacedRecord, 'place' | 'unplaced'>;

class Places {
  readonly #ports: PlacePorts;
  /** Of the file that is being read. */
  #file: DeliveredPlaces | undefined;
  /** Records that cannot be found, and why. */
  #lost: { holds(record: TableRecord): boolean; readonly answer: Answer } | undefined;

  constructor(ports: PlacePorts) {
    this.#ports = ports;
  }

  async of(record: TableRecord): Promise<Answer> {
    if (this.#lost?.holds(record)) return this.#lost.answer;
    try {
      const place = await this.#find(record);
      return { place: place ?? null, unplaced: place ? null : OTHERWISE };
    } catch (thrown) {
      if (!(thrown instanceof NightfeedError)) throw thrown;
      const answer = { place: null, unplaced: thrown.message };
      this.#lost = { holds: this.#lostWith(record), answer };
      await this.close();
      return answer;
    }
  }

  /** Where a file cannot be read, all its records are lost; else those of the same part. */
  #lostWith({ object }: TableRecord): (record: TableRecord) => boolean {
    const file = this.#file;
    return (other) => file?.holds(other) ?? other.object === object;
  }

  async #find(record: TableRecord): Promise<RecordPlace | undefined> {
    if (!this.#file?.reaches(record)) {
      await this.close();
      this.#file = await placesFor(record, this.#ports);
    }
    return this.#file.find(record);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}

const OTHERWISE = 'this version of nightfeed reads the file otherwise than the one that landed it';

async function placesFor({ object, table }: TableRecord, ports: PlacePorts): Promise<DeliveredPlaces> {
  const found = await landedIn(object, table, ports);
  if (found) return new DeliveredPlaces(found.file, found.table, ports);
  throw (
    (await removedByKeep(object, ports)) ?? new NightfeedError('OBJECT_MISSING', `no receipt of pull names ${object}`)
  );
}

/** The file that this part of landing holds, and its table, as the run read it. A release rejects records of earlier runs. */
async function landedIn(
  object: string,
  table: string,
  ports: PlacePorts,
): Promise<{ readonly file: LandedFile; readonly table: Table } | undefined> {
  const [, feed, folder] = object.split('/');
  const run = parseRunName(`${feed}/${folder}`);
  const row = run && (await ports.ledger.find(run));
  if (!row) return undefined;
  const read = (await readFeed(ports, keys.feed(row.run.feed, row.feedHash))).tables[table];
  for (const { key } of await ports.store.list(keys.receipts(row.run, 'pull'))) {
    const text = await ports.store.readText(key);
    const landed = text === null ? undefined : readObject(pullReceipt, text, key).tables[table];
    const file = landed?.files.find(({ parts }) => parts.some((part) => part.key === object));
    if (file && read) return { file, table: read };
  }
  return undefined;
}
