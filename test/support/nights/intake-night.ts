import type { Feed } from '../../../lib/core/feed/spec.ts';
import type { Outcome } from '../engines/diff-outcome.ts';

/** Bytes by file name. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What only few nights have. */
export interface Peculiar {
  /** Files whose names are no text. */
  readonly odd?: readonly NamedFile[];
  /** Files that are longer than what was written into them: zero bytes follow. */
  readonly sizes?: Sizes;
  /** Instead of the feed's. */
  readonly engine?: Feed['engine'];
}

export type Sizes = Readonly<Record<string, number>>;
export type NamedFile = readonly [name: string | Buffer, bytes: string | Uint8Array];

/** How a night ended. */
export interface IntakeNight {
  readonly state: string;
  readonly error: { readonly name: string; readonly message: string; readonly hint: string } | null;
  readonly holds: string[];
  /** In words. */
  readonly warnings: string[];
  readonly engine: string | undefined;
  /** Rejected rows by code, as the ledger keeps them; empty when nothing was published. */
  readonly rejected: Record<string, number>;
  /** Each of them, also of a night that was held. */
  readonly rejects: readonly Reject[];
  /** What landing found worth telling. */
  readonly notes: string[];
  readonly suspended: number;
  readonly updated: number;
}

/** A diff in canonical text, with the place of each reject: the same for the same files and base. */
export type Found = Outcome & { readonly rejects: readonly Reject[] };

export interface Reject {
  readonly code: string;
  readonly column: string | null;
  readonly key: string | null;
  /** Place of the record in its part. */
  readonly offset: string;
  readonly length: string;
  readonly raw: string;
}

export type Rows = (string | null)[][];
