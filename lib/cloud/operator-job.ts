import type { StepEvent } from '../core/cloud/events.ts';
import {
  containerOfJob,
  executionName,
  type JobContainer,
  MAX_ANSWER_BYTES,
  type OperatorJob,
  type OperatorJobAnswer,
  operatorJob,
  operatorJobAnswer,
  operatorJobName,
} from '../core/cloud/operator-job.ts';
import type { Force } from '../core/delivery/due-date.ts';
import { asNightfeedError, NightfeedError } from '../core/errors.ts';
import type { BusinessDate } from '../core/feed/business-date.ts';
import { objectText, readObject } from '../core/objects/object-kind.ts';
import { keys, parseRunName } from '../core/run/keys.ts';
import { reportOf } from '../core/run/message.ts';
import type { Ports } from '../ports/ports.ts';
import { readFeed } from '../steps/run/feed-document.ts';
import { keep } from '../steps/run/keep.ts';
import { executionOwner } from '../steps/run/resumed-run.ts';
import { type Audit, type AuditPorts, audit } from '../workflows/audit.ts';
import { quarantinedRecords, type RecordPorts } from '../workflows/quarantine.ts';
import { type PlacedRecord, type PlacePorts, unplaced, withPlaces } from '../workflows/quarantine-places.ts';
import { type ReleasePorts, type ReleaseResult, release } from '../workflows/release/release.ts';

/** Rows of a quarantine. `more`: there are further rows. */
export interface Shown {
  readonly rows: readonly PlacedRecord[];
  readonly more: boolean;
}

/** Stores, for the operator function, what the execution with this name has to do. */
export async function keepOperatorJob(feed: string, name: string, job: OperatorJob, { store }: Pick<Ports, 'store'>) {
  await keep({ store }, keys.errand(feed, name), objectText(operatorJob, job));
}

/** The answer of an operator job; null until it is there. */
export async function answerOf(
  feed: string,
  execution: string,
  { store }: Pick<Ports, 'store'>,
): Promise<OperatorJobAnswer | null> {
  const key = keys.answer(feed, operatorJobName.parse(executionName(execution)));
  const text = await store.readText(key);
  return text === null ? null : readObject(operatorJobAnswer, text, key);
}

type ContainerJob = Exclude<OperatorJob, { kind: 'force' }>;

/** Does the operator job that this execution is named after, if it is one for this container. `deployed` is the key of the feed that the pipeline was deployed with. */
export async function runOperatorJob(
  container: JobContainer,
  event: StepEvent,
  deployed: string,
  ports: RecordPorts & PlacePorts & AuditPorts & ReleasePorts,
): Promise<void> {
  const { feed } = parseRunName(event.run)!;
  const name = executionName(event.execution);
  const isMine = (job: OperatorJob): job is ContainerJob =>
    job.kind !== 'force' && containerOfJob[job.kind] === container;
  const job = await operatorJobOf(container, isMine, { feed, name }, ports);
  const answer: OperatorJobAnswer<Shown | Audit | ReleaseResult> = await work(job, event, deployed, ports).then(
    (result) => ({ result }),
    (thrown: unknown) => ({ error: reportOf(asNightfeedError(thrown)) }),
  );
  await ports.store.create(keys.answer(feed, name), objectText(operatorJobAnswer, answer));
}

/** Who forced this date, for claim: the operator function stored it under the name of the execution. */
export async function forceOf(
  feed: string,
  execution: string,
  date: BusinessDate,
  { store }: Pick<Ports, 'store'>,
): Promise<Force> {
  const { by, reason, ...forced } = await operatorJobOf(
    'force',
    isForce,
    { feed, name: executionName(execution) },
    { store },
  );
  if (forced.date === date) return { by, reason };
  throw new NightfeedError('USAGE', `the operator was asked to let ${forced.date} through, not ${date}`);
}

function work(
  job: ContainerJob,
  event: StepEvent,
  deployed: string,
  ports: RecordPorts & PlacePorts & AuditPorts & ReleasePorts,
): Promise<Shown | Audit | ReleaseResult> {
  switch (job.kind) {
    case 'show':
      return show(job, ports);
    case 'audit':
      return audit(parseRunName(event.run)!.feed, ports);
    case 'release':
      return releaseFor(job, event, deployed, ports);
  }
}

function isForce(job: OperatorJob): job is Extract<OperatorJob, { kind: 'force' }> {
  return job.kind === 'force';
}

async function operatorJobOf<Job extends OperatorJob>(
  started: string,
  isMine: (job: OperatorJob) => job is Job,
  { feed, name }: { readonly feed: string; readonly name: string },
  { store }: Pick<Ports, 'store'>,
): Promise<Job> {
  const isJobName = operatorJobName.safeParse(name).success;
  const key = keys.errand(feed, name);
  const text = isJobName ? await store.readText(key) : null;
  const job = text === null ? undefined : readObject(operatorJob, text, key);
  if (job && isMine(job)) return job;
  throw new NightfeedError('USAGE', `this execution was started to ${started}, and nobody asked the operator for that`);
}

async function show(job: Extract<OperatorJob, { kind: 'show' }>, ports: RecordPorts & PlacePorts): Promise<Shown> {
  const rows = [];
  let bytes = 0;
  let more = false;
  for await (const row of quarantinedRecords(filterOf(job), ports)) {
    bytes += Buffer.byteLength(JSON.stringify(row));
    more = rows.length === job.limit || bytes > MAX_ANSWER_BYTES;
    if (more) break;
    rows.push(row);
  }
  const placed: PlacedRecord[] = [];
  for await (const row of job.places === false ? unplaced(rows) : withPlaces(rows, ports)) placed.push(row);
  return { rows: placed, more };
}

async function releaseFor(
  { run, table, code, by }: Extract<OperatorJob, { kind: 'release' }>,
  { execution }: StepEvent,
  deployed: string,
  ports: ReleasePorts,
): Promise<ReleaseResult> {
  const feed = await readFeed(ports, deployed);
  await ports.target.inspect(feed);
  const owner = executionOwner(execution);
  return release({ feed, folder: '', owner, run: parseRunName(run)!, table, code, by }, ports);
}

function filterOf({ run, table, code }: Extract<OperatorJob, { kind: 'show' }>) {
  return { run: parseRunName(run)!, ...(table === null ? {} : { table }), ...(code === null ? {} : { code }) };
}
