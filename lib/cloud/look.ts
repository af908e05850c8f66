import type { LookAnswer, StepEvent } from '../core/cloud/events.ts';
import { NightfeedError } from '../core/errors.ts';
import { parseRunName } from '../core/run/keys.ts';
import { isUnchanged, type LookPorts } from '../steps/arrive.ts';
import { readFeed } from '../steps/run/feed-document.ts';
import { executionOwner } from '../steps/run/resumed-run.ts';

/** Looks at the source for claim. Claim decides, and therefore must not read a vendor's bytes itself. */
export async function lookAgain(
  { run: name, execution }: StepEvent,
  deployed: string,
  ports: LookPorts,
): Promise<LookAnswer> {
  const row = await ports.ledger.find(parseRunName(name)!);
  if (!row) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${name}`);
  const feed = await readFeed(ports, deployed);
  const request = { feed, date: row.run.date, folder: '', owner: executionOwner(execution) };
  return { run: name, outcome: (await isUnchanged(request, row, ports)) ? 'same' : 'new' };
}
