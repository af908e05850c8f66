import type { Meaning } from './value.ts';

/** Values by column name; a column that the row never had is absent, and null in production. */
export type Row = Readonly<Record<string, Meaning>>;
export type Rows = ReadonlyMap<number, Row>;

interface Night {
  readonly date: string;
  /** By key: what the vendor sends, column by column. */
  readonly sent: Rows;
  /** Keys of which the night can tell nothing: those rows stay as they are. */
  readonly undecided: ReadonlySet<number>;
  /** Columns that production gets, and those of them whose difference is a change. */
  readonly stored: readonly string[];
  readonly compared: readonly string[];
  readonly keepsGone: boolean;
}

interface Version {
  readonly key: number;
  readonly row: Row;
  readonly from: string;
  readonly to: string;
}

/**
 * What production has to hold, in the plainest words: each night, a row whose compared columns differ from production's takes
 * all that was sent; one that is missing goes or stays stamped; one that was rejected stays as it is. No snapshots, no engines, no ledger.
 */
export class Model {
  readonly live = new Map<number, { row: Row; since: string }>();
  readonly gone = new Map<number, Row>();
  readonly closed: Version[] = [];
  /** Live rows at the end of each night. */
  readonly past = new Map<string, Rows>();

  publish({ date, sent, undecided, stored, compared, keepsGone }: Night): void {
    const taken = (row: Row) => Object.fromEntries(stored.map((name) => [name, row[name] ?? null]));
    for (const [key, { row, since }] of [...this.live]) {
      if (undecided.has(key)) continue;
      const next = sent.get(key);
      const differs = next && compared.some((name) => (next[name] ?? null) !== (row[name] ?? null));
      if (next && !differs) continue;
      this.closed.push({ key, row, from: since, to: date });
      this.live.delete(key);
      if (next) this.live.set(key, { row: { ...row, ...taken(next) }, since: date });
      else if (keepsGone) this.gone.set(key, row);
    }
    for (const [key, row] of sent) {
      if (this.live.has(key) || undecided.has(key)) continue;
      this.live.set(key, { row: { ...this.gone.get(key), ...taken(row) }, since: date });
      this.gone.delete(key);
    }
    this.past.set(date, new Map([...this.live].map(([key, { row }]) => [key, row])));
  }
}
