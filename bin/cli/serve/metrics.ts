import { exposition, type Sample } from '../../../lib/core/metrics/exposition.ts';
import { feedMetrics } from '../../../lib/core/metrics/feed-metrics.ts';
import type { FeedNumbers } from '../../../lib/core/metrics/feed-numbers.ts';
import type { Answer } from '../../../lib/local/http/listen.ts';
import type { Numbers } from '../../../lib/ports/ledger/numbers.ts';
import type { ServedFeed } from '../../../lib/workflows/serve/serve-ports.ts';

interface Ledgers {
  /** null while the database has no ledger; rejects while nobody can ask it. */
  ledgerOf(served: ServedFeed): Promise<Numbers | null>;
}

/** What Prometheus is told of the served feeds, and of no others in their ledgers. Of a feed whose database cannot be asked it hears that. */
export async function metricsAnswer(served: readonly ServedFeed[], ledgers: Ledgers): Promise<Answer> {
  const told: FeedNumbers[] = [];
  const up: Sample[] = [];
  for (const feeds of Map.groupBy(served, ({ home }) => home).values()) {
    const found = await numbersIn(feeds[0]!, ledgers);
    for (const { feed } of feeds) {
      up.push({ labels: { feed: feed.feed }, value: found === undefined ? 0 : 1 });
      told.push(...(found ?? []).filter((numbers) => numbers.feed === feed.feed));
    }
  }
  const help = 'Whether the database of the feed can be asked; where it cannot, no other number of it is told.';
  const families = [{ name: 'nightfeed_ledger_up', type: 'gauge', help, samples: up } as const, ...feedMetrics(told)];
  return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: exposition(families) };
}

async function numbersIn(served: ServedFeed, ledgers: Ledgers): Promise<FeedNumbers[] | undefined> {
  try {
    return (await (await ledgers.ledgerOf(served))?.numbers()) ?? [];
  } catch {
    return undefined;
  }
}
