import { exposition } from '../../../lib/core/metrics/exposition.ts';
import { feedMetrics } from '../../../lib/core/metrics/feed-metrics.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';

/** What is known of all feeds, in Prometheus' text format. */
export async function metrics(cli: Cli): Promise<number> {
  const { output } = cli;
  const { ports, close } = await openWorkplace(cli);
  try {
    const text = (await ports.ledger.exists()) ? exposition(feedMetrics(await ports.ledger.numbers())) : '';
    output.answer({ metrics: text });
    if (text !== '') output.print(text.trimEnd());
    return 0;
  } finally {
    await close();
  }
}
