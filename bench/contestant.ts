import type { Arena } from './arena.ts';
import type { Changes } from './changes.ts';
import type { Truth } from './dump.ts';

/** Somebody who brings a base to tonight's dump, or a part of that work. `T` crosses a process border as JSON. */
export interface Contestant<T = unknown> {
  readonly name: string;
  readonly title: string;
  readonly group: Group;
  /** Name of the contestant whose time this one's is put in relation to. */
  readonly against?: string;
  /** Laps that are reported and do not count. */
  readonly apart?: readonly string[];
  /** Above the full-run limit only when asked for by name: it would take too long. */
  readonly isSlow?: boolean;
  /** Before each repetition, untimed, in the bench's own process. */
  prepare(arena: Arena, turn: Turn): Promise<T>;
  /** In a process of its own. */
  run(prepared: T, watch: Stopwatch): Promise<Outcome>;
  /** After each repetition, untimed. */
  finish?(arena: Arena, prepared: T, turn: Turn): Promise<void>;
}

export const groups = {
  diff: 'The diff alone',
  night: 'From landed files to committed',
  load: 'The first load',
  pull: 'Landing',
} as const;

export type Group = keyof typeof groups;

/** `isLast`: what is prepared need not be kept for another repetition. */
export interface Turn {
  readonly isLast: boolean;
}

export interface Outcome {
  /** What it found, as far as it can tell; held against the truth. */
  readonly counts: Partial<Truth>;
  /** Where a throughput says more than a time: bytes that went through. */
  readonly bytes?: number;
  /** Rows in them. */
  readonly rows?: number;
  /** The change set itself, of those that write one. */
  readonly changes?: Changes;
}

export interface Stopwatch {
  /** Ends the lap before it and starts this one; what happens before the first lap is not timed. */
  lap(name: string): void;
  stop(): void;
}
