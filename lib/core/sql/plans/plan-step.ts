/** A statement of the plan. A `table` is computed once, a `view` is computed where it is used. */
export interface PlanStep {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly select: string;
  /** Of a table that has few rows on most nights: an engine may forget how it found them. */
  readonly isFew?: true;
  /** Of a table that grows: asked over the rows that were found last, under its own name, until it brings no new one. */
  readonly grow?: string;
}
