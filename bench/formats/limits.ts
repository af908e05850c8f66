/** What landing a form may take; the others are measured and not judged. */
export interface Limit {
  /** Times as long as the plain file of the same rows. */
  readonly timesPlain?: number;
  /** Of delivered bytes. */
  readonly megabytesASecond?: number;
  readonly rowsASecond?: number;
}

const A_LITTLE_MORE: Limit = { timesPlain: 1.3 };

export const limits: Readonly<Record<string, Limit>> = {
  delimiter: A_LITTLE_MORE,
  control: A_LITTLE_MORE,
  escape: A_LITTLE_MORE,
  lazy: A_LITTLE_MORE,
  latin: A_LITTLE_MORE,
  outfile: A_LITTLE_MORE,
  'fixed-width': A_LITTLE_MORE,
  ndjson: { megabytesASecond: 60 },
  parquet: { rowsASecond: 1_000_000 },
};

/** Of all processes together, for a delivery of any size. */
export const MOST_MEMORY = 1e9;
