import type { Baseline } from './baseline.ts';
import type { GuardName } from './guard-names.ts';

/** A number that broke a limit. `value` and `limit` are shares (0.4 is 40 %), minutes, bytes or counts; `unit` says which. */
export interface Finding {
  readonly table: string | null;
  readonly guard: GuardName;
  /** Name of the column, or the names that the vendor sent, safe to be shown. */
  readonly column?: string;
  /** Name of the feed file's rule that rows break. */
  readonly rule?: string;
  /** The database object that it concerns, named as the feed file accepts it. */
  readonly object?: string;
  /** Place in the delivery, safe to be shown. */
  readonly place?: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: 'share' | 'minutes' | 'count' | 'bytes';
  /** Where the limit comes from: `fixed` (the default) is the feed file, `learned` the nights before. */
  readonly basis?: 'fixed' | 'learned';
  /** The baseline of that night, so that a decision can still be explained in a year. */
  readonly usual?: Baseline;
  /** The option that would let such a night in, when the feed file does not set it. */
  readonly option?: 'min_changed' | 'gone' | 'overlap' | 'suspended' | undefined;
  /** Names of files that share keys, and some of these keys, safe to be shown. */
  readonly files?: readonly string[];
  readonly keys?: readonly string[];
  /** The record that suspends the deletes is the last one of its file. */
  readonly footer?: true;
  /** How many different people have to approve it; one unless told. */
  readonly people?: number;
}

/** A finding that holds the night, or only warns. */
export interface GradedFinding {
  readonly severity: 'hold' | 'warn';
  readonly hold: Finding;
}
