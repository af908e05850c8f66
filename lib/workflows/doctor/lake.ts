import { randomUUID } from 'node:crypto';
import { NightfeedError } from '../../core/errors.ts';
import type { Feed } from '../../core/feed/spec.ts';
import { shownSize } from '../../core/shown-size.ts';
import type { Lakes } from '../../ports/ledger/lakes.ts';
import type { LedgerPresence, WithLedger } from '../../ports/ledger/ledger.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Store } from '../../ports/store.ts';
import { checkLake } from '../../steps/run/lake.ts';
import { Area, type Seen, type Tell } from './area.ts';

export type LakePorts = Pick<Ports, 'store' | 'elapsed'> & WithLedger<LedgerPresence & Pick<Lakes, 'lake'>>;

interface Known {
  /** The ledger can be read. */
  readonly ledger: boolean;
  /** Of the delivery, where one was found. */
  readonly bytes: number | undefined;
}

const SECONDS = 60;

/** Looks whether this is the feed's lake, writes an object and removes it, and asks for free space. */
export async function examineLake(feed: Feed, { ledger, bytes }: Known, ports: LakePorts, tell: Tell): Promise<void> {
  const { store } = ports;
  const area = new Area('lake', { seconds: SECONDS, late: 'STORE_UNAVAILABLE' }, ports, tell);
  const place = await area.look(async () => {
    const identity = await store.identity();
    if (ledger) await checkLake(feed.feed, ports);
    return { found: `${identity.place}${ledger ? ', and the ledger names no other' : ''}`, value: identity.place };
  });
  if (place === undefined) return;
  if (await area.look(() => writeAndRead(store))) await area.look(async () => enough(await store.room(), bytes));
}

async function writeAndRead(store: Store): Promise<Seen<true>> {
  const key = `doctor/${randomUUID()}`;
  await store.create(key, key);
  try {
    const read = await store.readText(key);
    if (read !== key)
      throw new NightfeedError(
        'OBJECT_DAMAGED',
        `${key} was written, and reads as ${read === null ? 'nothing' : 'something else'}`,
        {
          hint: 'Look at the disk or the service that holds the lake: it loses or changes what is written.',
        },
      );
  } finally {
    await store.remove([key]);
  }
  if ((await store.readText(key)) !== null)
    throw new NightfeedError('STORE_DENIED', `${key} was removed, and is still there`);
  return { found: 'an object was written, read back and removed', value: true };
}

/** The delivery and the snapshot that is made of it. */
const TIMES = 2;

function enough(room: number | null, bytes: number | undefined): Seen<true> {
  if (room === null) return { found: 'its space has no limit', value: true };
  const found = `${shownSize(room)} are free${bytes === undefined ? '' : `; the delivery has ${shownSize(bytes)}`}`;
  if (bytes === undefined || room >= TIMES * bytes) return { found, value: true };
  if (room < bytes) throw new NightfeedError('STORE_FULL', found);
  return { found, hint: `Free space: a night may take ${TIMES} times what is delivered.`, value: true };
}
