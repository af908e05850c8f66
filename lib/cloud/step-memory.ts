import type { Product, StepRow } from '../core/workflow/workflows.ts';
import type { Products } from '../workflows/step-work.ts';

/** What the steps of one process leave to each other in memory. */
export class StepMemory {
  #left: Partial<Products> = {};
  /** What the last step left, for whoever measures it. */
  last: Partial<Products> = {};

  keep(left: Partial<Products>): void {
    this.#left = { ...this.#left, ...left };
    this.last = left;
  }

  /**
   * What the step of this row needs or can use. It is given only once, because a step that fails may have used it up: when it begins
   * again, it reads what it needs from the receipts.
   */
  take({ needs, uses = [] }: StepRow): Partial<Products> {
    const wanted = new Set<Product>([...needs, ...uses]);
    const found = Object.entries(this.#left).filter(([product]) => wanted.has(product as Product));
    this.last = {};
    for (const [product] of found) delete (this.#left as Record<string, unknown>)[product];
    return Object.fromEntries(found);
  }
}
