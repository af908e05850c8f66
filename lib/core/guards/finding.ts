import type { Baseline } from './baseline.ts';
import type { GuardName } from './guard-names.ts';

/** A number that broke a limit. `value` and `limit` are shares (0.4 is 40 %), minutes, bytes or counts, as `unit` says. */
export interface Finding {
  readonly table: string | null;
  readonly guard: GuardName;
  /** Its name, or those that the vendor sent, as a message may show them. */
  readonly column?: string;
  /** Name of the feed file's rule that rows break. */
  readonly rule?: string;
  /** What in the database it is about, as the feed file accepts it. */
  readonly object?: string;
  /** Where in the delivery, as a message may show it. */
  readonly place?: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: 'share' | 'minutes' | 'count' | 'bytes';
  /** Where the limit comes from: the feed file, unless told, or the nights before. */
  readonly basis?: 'fixed' | 'learned';
  /** What the nights before showed, so that a decision can be explained in a year. */
  readonly usual?: Baseline;
  /** The option that lets such a night in, where a feed file does not say anything of it. */
  readonly option?: 'min_changed' | 'gone' | 'overlap' | 'suspended' | undefined;
  /** Names of files that share keys, and some of these keys, as a message may show them. */
  readonly files?: readonly string[];
  readonly keys?: readonly string[];
  /** The record that suspends the deletes is the last one of its file. */
  readonly footer?: true;
  /** How many different people have to approve it; one unless told. */
  readonly people?: number;
}

/** A hold, or only a warning of the same. */
export interface GradedFinding {
  readonly severity: 'hold' | 'warn';
  readonly hold: Finding;
}
