import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mayNeedJob } from '../../lib/core/feed/descriptors/engine-descriptor.ts';
import { kindOf } from '../../lib/core/feed/descriptors/source-descriptor.ts';
import type { Feed } from '../../lib/core/feed/spec.ts';
import type { LogLevel } from '../../lib/core/run/log-level.ts';
import { LocalEngine } from '../../lib/engines/engine.ts';
import { LocalSparkRunner } from '../../lib/engines/spark/local-runner.ts';
import { hostMeter } from '../../lib/host/meter.ts';
import { folderSightings } from '../../lib/local/sighting-file.ts';
import { openChannels } from '../../lib/notifiers/open.ts';
import type { Owner } from '../../lib/ports/ledger/owner.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { openSource } from '../../lib/sources/open.ts';
import { openStore } from '../../lib/stores/open.ts';
import { postgresTarget } from '../../lib/target/postgres/postgres-target.ts';
import { openTelemetry } from '../../lib/telemetry/open.ts';
import { reachFailPoint } from '../fail-point.ts';
import { lackOfSpark, localSpark, noSpark } from '../spark.ts';
import type { Wings } from '../wings.ts';
import type { Cli } from './cli.ts';
import { checkSecrets, readSecret } from './commands/secrets.ts';
import { confine, confinement } from './home/confine.ts';
import { databaseFor } from './home/database.ts';
import { type Concern, homeFor } from './home/home.ts';
import { closeHome } from './home/home-rights.ts';
import { isDead, ownOwner } from './home/owner.ts';
import { engineAccount } from './home/unix-names.ts';
import { localLog } from './run-log.ts';
import { awaitTurn } from './serve/turn.ts';

export interface Workplace {
  readonly ports: Ports;
  readonly owner: Owner;
  readonly home: string;
  close(): Promise<void>;
}

/** The engine gets half of a machine's memory, but at most this much. A join that needs more uses the disk. */
const MAX_ENGINE_BYTES = 4_000_000_000;

/** Spark needs more memory than DuckDB, because it keeps data in memory that DuckDB streams. */
function sparkLimits() {
  return {
    memory: `${Math.max(1024, Math.floor(Math.min(totalmem() / 2, MAX_ENGINE_BYTES) / 1e6))}m`,
    threads: availableParallelism(),
  };
}

interface Needs {
  /** `perhaps`: an embedded PostgreSQL starts at the first use, because most such commands need none. */
  readonly database?: 'perhaps';
  /** `of caller`: it closes by itself when a signal comes. */
  readonly signals?: 'of caller';
}

/** Opens the adapters for this machine behind the steps' ports. A relative source starts in the folder of its feed file. */
export async function openWorkplace(
  { output, wings }: Cli,
  concern: Concern = {},
  needs: Needs = {},
): Promise<Workplace> {
  const { folder = process.cwd() } = concern;
  const { path: home, note } = homeFor(concern);
  if (note) output.say(note);
  const { NIGHTFEED_DATABASE_URL: given, NIGHTFEED_GROUP: group, NIGHTFEED_ENGINE_USER: user } = process.env;
  const show = (text: string) => output.say(text);
  await closeHome(home, {
    group: group || undefined,
    isEmbedded: !given,
    makes: concern.folder !== undefined,
    say: show,
  });
  const account = user ? engineAccount(user) : undefined;
  const database = databaseFor(given, { home, say: show });
  if (typeof database.address !== 'string' && needs.database !== 'perhaps') await database.address();
  const store = await openStore(wings.stores, 'here', { home, setting });
  const { log, secret } = localLog(store, given, show);
  const tell = (level: LogLevel) => (text: string) => {
    log.tell(level, text);
    show(text);
  };
  const say = tell('warn');
  const engine = new LocalEngine({
    store,
    // Each user of a group has a scratch folder of its own, because each empties its own.
    scratch: group ? join(home, 'scratch', String(process.getuid?.())) : join(home, 'scratch'),
    memory: `${Math.floor(Math.min(totalmem() / 2, MAX_ENGINE_BYTES) / 1e6)}MB`,
    threads: 2,
    account,
    say,
    spark: (store) => new LocalSparkRunner(store, localSpark(say), sparkLimits()),
  });
  const postgres = postgresTarget(database.address, { isDead, self: ownOwner(), reach: reachFailPoint });
  const telemetry = openTelemetry({
    setting,
    say,
    sourceOf: (feed) => sourceName(feed.source, wings.sources),
    database: databaseName(given),
  });
  const close = async () => {
    // The database is closed first, so that a step whose engine is closed cannot end its run as failed.
    await postgres.close();
    await engine.close();
    await database.leave();
    await telemetry?.close();
    await log.keep();
  };
  return {
    home,
    owner: ownOwner(),
    close: needs.signals === 'of caller' ? close : output.closeOnSignal(close),
    ports: {
      formats: wings.formats,
      openSource: sourceOpener(wings, { folder, own: join(home, 'looks'), secret }),
      sightings: folderSightings(join(home, 'looks')),
      store,
      engine,
      ledger: postgres.ledger,
      target: postgres.target,
      channels: await openChannels(wings.notifiers, { runs: 'here', say: tell('info'), setting, secret }),
      meter: hostMeter(home),
      telemetry,
      log,
      now: () => new Date(),
      elapsed: () => performance.now(),
      sleep: (milliseconds) => sleep(milliseconds),
      reach: async (point) => {
        await reachFailPoint(point);
        await awaitTurn(point);
      },
      begin(step) {
        log.tell('info', `${step} begins`);
        output.begin(step);
      },
      progress: (text, done, total) => output.progress(text, done, total),
      say,
    },
  };
}

/** Opens sources under the rules of this machine. */
export function sourceOpener(
  wings: Wings,
  place: { readonly folder: string; readonly own?: string; secret?(reference: string): Promise<string> },
): Ports['openSource'] {
  return (feed, date) =>
    openSource(feed, wings.sources, { secret: readSecret, ...place, date, confine: confineSource });
}

/** As OpenLineage names places. */
function sourceName(source: Feed['source'], kinds: Wings['sources']): string {
  const kind = kindOf(source, kinds);
  const { place } = kind.reach(source as never);
  return kind.name === 'folder' ? `file:${place}` : `${kind.name}://${place}`;
}

/** Without its login. */
function databaseName(url: string | undefined): string {
  if (!url || !URL.canParse(url)) return 'postgres://localhost';
  const { hostname, port, pathname } = new URL(url);
  return `postgres://${hostname || 'localhost'}:${port || '5432'}${pathname}`;
}

const setting = (name: string): string | undefined => process.env[name] || undefined;

/** Refuses a feed that names a forbidden secret, or that may need an engine which is missing here, before anything is done. */
export async function checkFeed(feed: Feed, wings: Wings): Promise<void> {
  await checkSecrets(feed, wings);
  await checkEngine(feed, wings);
}

/** Refuses a feed that may need an engine which is missing here. */
export async function checkEngine(feed: Feed, wings: Wings): Promise<void> {
  if (!mayNeedJob(feed, wings.engines)) return;
  const lack = await lackOfSpark();
  if (lack) throw noSpark(lack);
}

/** Refuses a source folder outside of the folders in NIGHTFEED_FILES, where that is set. */
async function confineSource(folder: string): Promise<void> {
  const folders = confinement();
  if (folders) await confine(folder, folders, 'NIGHTFEED_FILES');
}
