import type { LookAnswer, StepEvent } from '../core/cloud/events.ts';
import { parseRunName } from '../core/run/keys.ts';
import { isSettled } from '../core/run/state.ts';
import { isThere, isUnchanged, type LookPorts } from '../steps/arrive.ts';
import { readFeed } from '../steps/run/feed-document.ts';
import { executionOwner } from '../steps/run/resumed-run.ts';

/** Looks at the source for claim: of a settled run whether it shows anything new, of any other whether a delivery is there. Claim decides, and therefore must not read a vendor's bytes itself. */
export async function lookAgain(
  { run: name, execution }: StepEvent,
  deployed: string,
  ports: LookPorts,
): Promise<LookAnswer> {
  const run = parseRunName(name)!;
  const row = await ports.ledger.find(run);
  const feed = await readFeed(ports, deployed);
  const request = { feed, date: run.date, folder: '', owner: executionOwner(execution) };
  if (row && isSettled(row.state))
    return { run: name, outcome: (await isUnchanged(request, row, ports)) ? 'same' : 'new' };
  return { run: name, outcome: (await isThere(request, ports)) ? 'whole' : 'incomplete' };
}
