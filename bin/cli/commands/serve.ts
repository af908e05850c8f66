import { hostname } from 'node:os';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { NightResult } from '../../../lib/core/run/night-result.ts';
import { expectedAddress, parseListenAddress, showAddress } from '../../../lib/core/serve/listen-address.ts';
import { listen, type Routes } from '../../../lib/local/http/listen.ts';
import { serve as serveNights } from '../../../lib/workflows/serve/serve.ts';
import type { NightEnd, ServedFeed, ServeEvent, ServePorts } from '../../../lib/workflows/serve/serve-ports.ts';
import type { Cli } from '../cli.ts';
import { serveLine } from '../output/serve-lines.ts';
import { FeedFiles } from '../serve/feed-files.ts';
import { Health } from '../serve/health.ts';
import { startHeartbeat } from '../serve/heartbeat.ts';
import { Homes } from '../serve/homes.ts';
import { metricsAnswer } from '../serve/metrics.ts';
import { NightProcesses } from '../serve/night-process.ts';
import { servedPlaces } from '../serve/served-places.ts';
import { onStopSignals } from '../serve/stop-signals.ts';
import { readSecret } from './secrets.ts';

/** Runs the nights of many feeds at their moments, until a signal stops it. */
export async function serve(cli: Cli, place: string | undefined, options: { listen?: string }): Promise<number> {
  const { output, wings } = cli;
  const config = await servedPlaces(place);
  const address = addressOf(options.listen ?? config.listen);
  const heart = await heartOf(config.heartbeat);
  const tell = (event: ServeEvent) => {
    const at = new Date();
    output.event({ at: at.toISOString(), ...event }, serveLine(event, at));
  };

  const files = new FeedFiles(config.feeds, wings, tell);
  let served = await files.look();
  const homes = new Homes(cli);
  const health = new Health(() => homes.health(new Set(served.map(({ home }) => home))));
  const nights = new NightProcesses();
  const stopping = new AbortController();
  let wake = () => {};
  const ports: ServePorts = {
    now: () => new Date(),
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, stopping.signal.aborted ? 0 : milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => wake(),
    feeds: async () => {
      served = await files.look();
      return served;
    },
    ledgerOf: (each) => homes.ledgerOf(each),
    night: (each, date, turn) => night(nights, each, date, turn),
    relay: async ({ file }) => void (await nights.run(['notify', file])),
    tell,
    turned: () => health.turned(),
  };

  const forget = onStopSignals(
    (signal) => {
      tell({
        event: 'note',
        text: `${signal}: no night begins any more; those at work stop and go on at the next start`,
      });
      stopping.abort();
      nights.end('SIGTERM');
      wake();
    },
    () => nights.end('SIGKILL'),
  );
  try {
    await requireFeeds(served, config.feeds, homes);
    const routes: Routes = {
      '/healthz': () => health.answer({ feeds: served.length, nights_at_work: nights.atWork }),
      '/metrics': () => metricsAnswer(served, homes),
    };
    const listening = address && (await listen(address, routes));
    const where = listening ? `; http://${showAddress(listening.address)}/healthz` : '';
    tell({ event: 'note', text: `serving ${served.length} ${served.length === 1 ? 'feed' : 'feeds'}${where}` });
    const say = (text: string) => tell({ event: 'note', text });
    const endBeating = heart === undefined ? () => {} : startHeartbeat(heart, { isWell: () => health.isWell, say });
    try {
      const by = `serve, process ${process.pid} on ${hostname()}`;
      await serveNights({ nightsAtOnce: config.nights_at_once, jitter: config.jitter, by }, ports, stopping.signal);
    } finally {
      endBeating();
      await listening?.close();
    }
  } finally {
    nights.end('SIGTERM');
    await homes.close();
    forget();
  }
  tell({ event: 'note', text: 'stopped' });
  return 0;
}

function addressOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const address = parseListenAddress(text);
  if (!address) throw new NightfeedError('USAGE', `--listen: ${expectedAddress}, received ${JSON.stringify(text)}`);
  return address;
}

async function heartOf(text: string | undefined): Promise<string | undefined> {
  if (text === undefined || text.startsWith('https:')) return text;
  const url = await readSecret(text);
  if (URL.canParse(url) && url.startsWith('https://')) return url;
  throw new NightfeedError('USAGE', 'heartbeat: the secret is no address that begins with https://');
}

/** Another process that serves is found before anything begins. A database that cannot be reached now may be later. */
async function requireFeeds(served: readonly ServedFeed[], places: readonly string[], homes: Homes): Promise<void> {
  if (served.length === 0)
    throw new NightfeedError('USAGE', `no feed that can be run in ${places.join(', ')}`, {
      hint: 'Nothing was begun. Give a folder with feed files; `nightfeed validate FEED.yaml` says what is wrong with one.',
    });
  for (const each of served)
    await homes.ledgerOf(each).catch((error: NightfeedError) => {
      if (error.name === 'BUSY') throw error;
    });
}

async function night(
  nights: NightProcesses,
  { file, feed }: ServedFeed,
  date: string,
  turn: () => Promise<void>,
): Promise<NightEnd> {
  const begun = performance.now();
  const { exit, signal, answer, said } = await nights.run(['run', file, '--date', date], turn);
  const seconds = (performance.now() - begun) / 1000;
  if (answer) {
    const { run, state, error } = answer as unknown as Pick<NightResult, 'state' | 'error'> & { run: string | null };
    return { run, state, error, exit, seconds };
  }
  if (nights.isEnding) return { run: null, state: null, error: null, exit: null, seconds };
  const how = signal ? `was ended by ${signal}` : `ended with ${exit} without an answer`;
  const last = said === '' ? '' : `; it said last: ${said.split('\n').at(-1)}`;
  const { name, message, hint } = new NightfeedError('NIGHT_DIED', `the process of ${feed.feed} ${date} ${how}${last}`);
  return { run: null, state: null, error: { name, message, hint }, exit: null, seconds };
}
