import type { LaterStep, workflows } from '../core/workflow/workflows.ts';
import type { RunRow } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import { arrivalOf, changesOf } from '../steps/base/earlier.ts';
import { pulledBefore } from '../steps/pull.ts';
import type { OpenRun } from '../steps/run/run-request.ts';
import type { Given, Products } from '../workflows/step-work.ts';

/** A run that this process has taken up, and its row in the ledger. */
export interface EnteredOpenRun {
  readonly open: OpenRun;
  readonly row: RunRow;
}

/** The products of earlier steps that this step needs, with those that this process has in memory. Throws OBJECT_MISSING. */
export async function earlierProducts<Step extends LaterStep>(
  { needs }: { readonly needs: readonly Needed[] },
  remembered: Partial<Products>,
  entered: EnteredOpenRun,
  ports: Pick<Ports, 'store'>,
): Promise<Given<(typeof workflows.night)[Step]>> {
  const found = { ...remembered };
  for (const product of needs.filter((each) => found[each] === undefined))
    Object.assign(found, { [product]: await left[product](entered, ports) });
  return found as Given<(typeof workflows.night)[Step]>;
}

type Needed = (typeof workflows.night)[LaterStep]['needs'][number];

const left: {
  readonly [Product in Needed]: (entered: EnteredOpenRun, ports: Pick<Ports, 'store'>) => Promise<Products[Product]>;
} = {
  arrival: ({ row }, ports) => arrivalOf(row, ports),
  pulled: async ({ open, row }, ports) => pulledBefore(open, await arrivalOf(row, ports), ports),
  changes: ({ row }, ports) => changesOf(row, ports),
  // A run that gets to publish has passed the guard.
  judgement: async ({ row }) => ({ holds: row.holds, warnings: row.warnings ?? [], pass: true }),
};
