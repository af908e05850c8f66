import type { ArriveReceipt, DiffReceipt, PullReceipt } from '../core/run/receipt.ts';
import type { Product, StepRow } from '../core/workflow/workflows.ts';
import type { Adoption } from '../ports/adopt.ts';
import type { Ports } from '../ports/ports.ts';
import type { PublishedTable } from '../ports/target.ts';
import type { Looked, Settled } from '../steps/claim.ts';
import type { Judgement } from '../steps/guard.ts';
import type { Observed } from '../steps/pull.ts';
import type { Kept } from '../steps/run/receipts.ts';
import type { OpenRun } from '../steps/run/run-request.ts';

/** What steps leave for later ones. */
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

/** What a step of this row is given. */
export type Given<Row extends StepRow> = Pick<Products, Row['needs'][number]> &
  Partial<Pick<Products, NonNullable<Row['uses']>[number]>>;

/** How a step of this row ends, unless it throws. */
export interface Answer<Row extends StepRow = StepRow> {
  /** One of its ways. */
  readonly outcome: keyof Row['ways'] & string;
  /** Absent from an answer after which nobody needs it. */
  readonly left?: Partial<Pick<Products, Row['leaves'][number]>>;
}

/** Where a step of an open run works. */
export interface StepContext<Run = OpenRun> {
  readonly open: Run;
  readonly ports: Ports;
  /** 1, and one more each time that the workflow went back to an earlier step. */
  readonly round: number;
  /** Otherwise the step answers that there is something to wait for. */
  readonly canWait: boolean;
  /** Around what the step does, unless it finds nothing to do: tells that it begins, and takes its time. */
  readonly watch: <T>(work: () => Promise<T>) => Promise<T>;
}

/** For who keeps no time. */
export const unwatched = <T>(work: () => Promise<T>): Promise<T> => work();
