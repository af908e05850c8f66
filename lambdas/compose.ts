import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { secretsManager } from '../lib/aws/secrets-manager.ts';
import { databaseUrl } from '../lib/core/cloud/database-secret.ts';
import { environmentNames } from '../lib/core/cloud/environment-names.ts';
import { type LoginKind, loginKinds } from '../lib/core/cloud/logins.ts';
import { isSameSecret } from '../lib/core/cloud/same-secret.ts';
import { NightfeedError } from '../lib/core/errors.ts';
import { type CloudMetric, embeddedMetrics } from '../lib/core/metrics/embedded.ts';
import type { FailPoint } from '../lib/core/run/fail-point.ts';
import type { LogLevel } from '../lib/core/run/log-level.ts';
import { formats } from '../lib/formats/index.ts';
import { hostMeter } from '../lib/host/meter.ts';
import { openChannels } from '../lib/notifiers/open.ts';
import { presentNotifiers } from '../lib/notifiers/present.ts';
import type { Channel } from '../lib/ports/channel.ts';
import type { Ports } from '../lib/ports/ports.ts';
import type { Store } from '../lib/ports/store.ts';
import { ledgerSightings } from '../lib/steps/arrival/ledger-sightings.ts';
import { stores } from '../lib/stores/index.ts';
import { openStore } from '../lib/stores/open.ts';
import { postgresTarget } from '../lib/target/postgres/postgres-target.ts';
import { lineLog } from './line-log.ts';

type Name = keyof typeof environmentNames;

/** The value of an environment variable that the deployment sets. */
export function setting(name: Name): string {
  const value = optional(name);
  if (value === undefined)
    throw new NightfeedError('USAGE', `the environment variable ${environmentNames[name]} is not set`);
  return value;
}

/** What every process may use. Only those that ask the vendor open sources, and only containers have an engine. */
export type CloudPorts = Omit<Ports, 'openSource' | 'engine' | 'catalog' | 'partBytes'>;

/** For ports that only some processes get. */
export interface Opened {
  readonly store: Store;
  /** Reads a vendor's secret by its reference. */
  secret(reference: string): Promise<string>;
}

/** Opens the cloud's adapters behind the steps' ports for one piece of work. Nothing is kept for the next one, because it may have changed by then. */
export function withPorts<T>(work: (ports: CloudPorts) => Promise<T>): Promise<T> {
  return withMorePorts(() => ({}), work);
}

interface Composing {
  /** A place at which a test may kill the process. */
  readonly reach?: (point: FailPoint) => Promise<void>;
  /** Who the process is at the database, where it has several logins. */
  readonly login?: LoginKind;
}

export async function withMorePorts<T, More>(
  more: (opened: Opened) => More,
  work: (ports: CloudPorts & More) => Promise<T>,
  { reach = async () => {}, login }: Composing = {},
): Promise<T> {
  const secrets = secretsManager();
  const secret = async (reference: string) => {
    const value = await secrets(vaultName(reference));
    processLog.hide(value);
    return value;
  };
  const store = await openLake();
  const database = login === undefined ? setting('databaseSecret') : secretOfLogin(login);
  const postgres = postgresTarget(async () => hiddenLogin(databaseUrl(await secrets(database))), {
    isDead: () => false,
    reach,
  });
  const channels = await openChannels(presentNotifiers, { runs: 'in the cloud', say, setting: variable });
  try {
    return await work({
      formats,
      store,
      ledger: postgres.ledger,
      target: postgres.target,
      channels: async (feed, read) => requireTopic(await channels(feed, read)),
      peopleRoles: optional('peopleRoles')?.split(',') ?? [],
      sightings: ledgerSightings(postgres.ledger),
      ...pausing,
      meter: hostMeter(tmpdir()),
      measure,
      now: () => new Date(),
      elapsed: () => performance.now(),
      reach,
      log: processLog,
      begin: (step) => log(`${step} begins`, 'info'),
      progress: () => {},
      ...more({ store, secret }),
    });
  } finally {
    await postgres.close();
  }
}

/** The address of the database, whose password no line will say. */
function hiddenLogin(url: string): string {
  if (URL.canParse(url)) processLog.hidePassword(new URL(url));
  return url;
}

export function openLake(): Promise<Store> {
  return openStore(stores, 'in the cloud', { setting: variable });
}

let processLog = lineLog(optional('run'));

/** The lines from now on are about other work: a function is called again in the same process. */
export function startLog(): void {
  processLog = lineLog(optional('run'));
}

/** CloudWatch makes metrics of these lines of the log. */
function measure(feed: string, metrics: readonly CloudMetric[]): void {
  const told = { at: new Date(), stage: setting('stage'), feed, metrics };
  for (const line of embeddedMetrics(told)) process.stdout.write(`${line}\n`);
}

/** A line of the log, for people and for CloudWatch's queries alike. */
export function log(text: string, level: LogLevel = 'info'): void {
  processLog.tell(level, text);
}

/** What a person should read. */
const say = (text: string) => log(text, 'warn');

/** For what tries again. */
export const pausing = { sleep: (milliseconds: number) => sleep(milliseconds), say };

export function optional(name: Name): string | undefined {
  return variable(environmentNames[name]);
}

function variable(name: string): string | undefined {
  return process.env[name] || undefined;
}

/** Only `secret:` references are allowed: in the cloud, environment and files have no secrets. */
function vaultName(reference: string): string {
  if (!reference.startsWith('secret:'))
    throw new NightfeedError('SECRET_MISSING', `${reference} names a secret of a laptop; expected secret:NAME`);
  const name = reference.slice('secret:'.length);
  // A deployment refuses such a feed too, but a run that was opened before that deployment may have one.
  if (ownSecrets().some((own) => isSameSecret(name.replace(/#.*$/, ''), own)))
    throw new NightfeedError('SECRET_REFUSED', `${reference} is the deployment's own, and no secret of a vendor's`);
  return name;
}

function ownSecrets(): string[] {
  const one = optional('databaseSecret');
  return [...(one === undefined ? [] : [one]), ...Object.values(loginSecrets())];
}

function secretOfLogin(login: LoginKind): string {
  const secret = loginSecrets()[login];
  if (secret !== undefined) return secret;
  throw new NightfeedError('USAGE', `${environmentNames.loginSecrets} has no secret of ${login}`);
}

const secretNames = z.partialRecord(z.enum(loginKinds), z.string());

/** Names or ARNs of the secrets, by kind of login. */
export function loginSecrets(): z.output<typeof secretNames> {
  return secretNames.parse(JSON.parse(optional('loginSecrets') ?? '{}'));
}

/** A process that nobody gave a topic would tell nobody, and call the message sent. */
function requireTopic(channels: readonly Channel[]): readonly Channel[] {
  if (channels.length > 0) return channels;
  throw new NightfeedError('UNFORESEEN', 'this process was given no topic');
}
