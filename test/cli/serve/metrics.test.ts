import { expect, onTestFinished, test } from 'vitest';
import { metricsAnswer } from '../../../bin/cli/serve/metrics.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { listen } from '../../../lib/local/http/listen.ts';
import type { ServedFeed } from '../../../lib/workflows/serve/serve-ports.ts';
import { night, nothing } from '../../core/metrics/feeds.ts';

const served = (feed: string, home: string) => ({ feed: { feed }, file: `/feeds/${feed}.yaml`, home }) as ServedFeed;

/** A home with a ledger of two feeds, one without a ledger yet, and one whose database is away. */
const ledgers = {
  async ledgerOf({ home }: ServedFeed) {
    if (home === '/away') throw new NightfeedError('DATABASE_UNAVAILABLE', 'away');
    return home === '/empty' ? null : { numbers: async () => [night, nothing] };
  },
};
const feeds = [served('shop', '/lake'), served('first', '/empty'), served('lost', '/away')];

test('Prometheus gets the numbers of the served feeds, and hears of a database that is away', async () => {
  const address = { host: '127.0.0.1', port: 0 };
  const listening = await listen(address, { '/metrics': () => metricsAnswer(feeds, ledgers) });
  onTestFinished(() => listening.close());
  const answer = await fetch(`http://127.0.0.1:${listening.address.port}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.slice(0, 3)).toEqual([
    'nightfeed_ledger_up{feed="shop"} 1',
    'nightfeed_ledger_up{feed="first"} 1',
    'nightfeed_ledger_up{feed="lost"} 0',
  ]);
  expect(lines).toContain('nightfeed_run_ends_total{feed="shop",state="published"} 2');
  // Another feed of the same ledger is somebody else's to serve.
  expect(lines.filter((line) => line.includes('"new"'))).toEqual([]);
});
