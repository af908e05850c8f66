import { NightfeedError } from '../core/errors.ts';
import { deadlineOf } from '../core/feed/business-date.ts';
import { type Readiness, readinessOf } from '../core/run/readiness.ts';
import type { ArriveReceipt } from '../core/run/receipt.ts';
import { type OpenRun, type Order, readingOf } from './order.ts';
import type { Ports, Source } from './ports.ts';
import { findReceipt, once } from './receipts.ts';
import { retrying } from './retry.ts';

/** Seconds between two looks while a delivery is absent. */
const POLL_SECONDS = 30;

/** The complete delivery, as listed. A held run goes on with the one it was held for. */
export async function arrive(open: OpenRun, ports: Ports): Promise<ArriveReceipt> {
  const { order, run, fence } = open;
  if (order.resumes) {
    const listing = (await ports.ledger.find(run))?.listing;
    const seen = listing === undefined ? null : await findReceipt<ArriveReceipt>(ports, run, 'arrive', listing);
    if (seen) return seen.receipt;
  }
  const arrival = await arriveUnclaimed(open, ports);
  await ports.ledger.note(run, fence, { listing: arrival.listing, reading: readingOf(order.feed) });
  await ports.reach('arrive.receipt');
  return arrival;
}

/** The same without a word to the ledger. */
export async function arriveUnclaimed({ order, run }: OpenRun, ports: Ports): Promise<ArriveReceipt> {
  const arrival = await waitForDelivery(order, ports);
  return (await once(ports, run, 'arrive', arrival.listing, async () => arrival)).receipt;
}

/** Looks at the source until the delivery is complete; late when the deadline passes first. */
async function waitForDelivery(order: Order, ports: Ports): Promise<ArriveReceipt> {
  const deadline = deadlineOf(order.feed, order.date);
  const source = await ports.openSource(order.feed, order.date);
  try {
    for (const note of source.notes) ports.say(`note: ${note}`);
    let before: ArriveReceipt | undefined;
    for (;;) {
      const seen = await look(order, ports, source, before);
      if (seen.kind === 'ready') return seen.receipt;
      if (seen.kind === 'settling') {
        ports.say(`the delivery may still be growing; looking again in ${seen.seconds} s`);
        before = seen.receipt;
        await ports.sleep(seen.seconds * 1000);
        continue;
      }
      if (deadline === undefined || ports.now() >= deadline) throw late(order, seen.reason, deadline);
      ports.say(`${seen.reason}; waiting until ${deadline.toISOString()}`);
      await ports.sleep(Math.min(POLL_SECONDS * 1000, Math.max(0, deadline.getTime() - ports.now().getTime())));
    }
  } finally {
    await source.close();
  }
}

/** Whether the source shows what a settled run saw. Files that were taken away since are no other delivery. */
export async function isUnchanged(order: Order, { listing, reading }: Seen, ports: Ports): Promise<boolean> {
  if (reading !== readingOf(order.feed)) return false;
  const source = await ports.openSource(order.feed, order.date);
  try {
    const seen = await look(order, ports, source);
    return seen.kind === 'absent' || seen.receipt.listing === listing;
  } finally {
    await source.close();
  }
}

interface Seen {
  readonly listing?: string | null;
  readonly reading?: string | null;
}

async function look(order: Order, ports: Ports, source: Source, before?: ArriveReceipt): Promise<Readiness> {
  const listed = await retrying(ports, () => source.list());
  return readinessOf(order.feed, order.date, listed, ports.now(), before);
}

function late(order: Order, reason: string, deadline: Date | undefined): NightfeedError {
  const until = deadline ? `by the deadline ${deadline.toISOString()}` : 'and the feed has no deadline to wait for';
  return new NightfeedError('LATE', `${order.feed.feed} ${order.date}: ${reason} ${until}`);
}
