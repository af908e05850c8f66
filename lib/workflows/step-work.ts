import type { ArriveReceipt } from '../core/run/arrive-receipt.ts';
import type { DiffReceipt } from '../core/run/diff-receipt.ts';
import type { PullReceipt } from '../core/run/pull-receipt.ts';
import type { Product, StepRow } from '../core/workflow/workflows.ts';
import type { Adoption } from '../ports/adopt.ts';
import type { PublishedTable } from '../ports/target.ts';
import type { Looked, Settled } from '../steps/claim.ts';
import type { Judgement } from '../steps/guard.ts';
import type { Observed } from '../steps/pull.ts';
import type { Kept } from '../steps/run/receipts.ts';
import type { OpenRun } from '../steps/run/run-request.ts';

/** Products of steps, for later steps. */
export interface Products extends Readonly<Record<Product, unknown>> {
  readonly settled: Settled;
  readonly looked: Looked;
  readonly arrival: ArriveReceipt;
  readonly pulled: PullReceipt;
  readonly observed: Observed;
  readonly changes: Kept<DiffReceipt>;
  readonly judgement: Judgement;
  readonly written: Readonly<Record<string, PublishedTable>>;
  readonly adoption: Adoption;
}

/** The products that a step of this row gets. */
export type Given<Row extends StepRow> = Pick<Products, Row['needs'][number]> &
  Partial<Pick<Products, NonNullable<Row['uses']>[number]>>;

/** How a step of this row ends, unless it throws. */
export interface Answer<Row extends StepRow = StepRow> {
  /** The name of one of the row's ways. */
  readonly outcome: keyof Row['ways'] & string;
  /** The products; absent when no later step needs them. */
  readonly left?: Partial<Pick<Products, Row['leaves'][number]>>;
}

/** The context of a step of an open run. */
export interface StepContext<Uses, Run = OpenRun> {
  readonly open: Run;
  readonly ports: Uses;
  /** Starts at 1, and grows each time the workflow goes back to an earlier step. */
  readonly round: number;
  /** Whether the step may wait; otherwise it answers that it has to be called again. */
  readonly canWait: boolean;
  /** Wraps the step's work: reports that it begins, and measures its time. Not called when the step finds nothing to do. */
  readonly watch: <T>(work: () => Promise<T>) => Promise<T>;
}

/** For callers that measure no times. */
export const unwatched = <T>(work: () => Promise<T>): Promise<T> => work();
