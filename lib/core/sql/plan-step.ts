/** A statement of the plan. A `table` is computed once, a `view` is computed where it is used. */
export interface PlanStep {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly select: string;
}
