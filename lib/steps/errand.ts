import { asNightfeedError, NightfeedError } from '../core/errors.ts';
import type { StepEvent } from '../core/run/contract.ts';
import {
  type Errand,
  type ErrandKind,
  errandName,
  errandSchema,
  executionName,
  MAX_ANSWER_BYTES,
} from '../core/run/errand.ts';
import { keys, parseRunName } from '../core/run/keys.ts';
import { type ErrorReport, reportOf } from '../core/run/message.ts';
import { executionOwner } from './entry.ts';
import { readFeed } from './feed-document.ts';
import { keep } from './keep.ts';
import type { Ports } from './ports.ts';
import { quarantinedRecords } from './quarantine.ts';
import type { QuarantinedRecord } from './quarantine-port.ts';
import { type ReleaseResult, release } from './release.ts';

/** Rows of a quarantine; `more` than these are there. */
export interface Shown {
  readonly rows: readonly (QuarantinedRecord & { readonly table: string })[];
  readonly more: boolean;
}

/** What the container left. */
export type ErrandAnswer<Result = Shown | ReleaseResult> =
  | { readonly result: Result }
  | { readonly error: ErrorReport };

/** For the operator: what the container of the execution with this name is to do. */
export async function keepErrand(feed: string, name: string, errand: Errand, { store }: Pick<Ports, 'store'>) {
  await keep({ store }, keys.errand(feed, name), JSON.stringify(errand));
}

/** null while it is at work. */
export async function answerOf(
  feed: string,
  execution: string,
  { store }: Pick<Ports, 'store'>,
): Promise<ErrandAnswer | null> {
  const text = await store.readText(keys.answer(feed, errandName.parse(executionName(execution))));
  return text === null ? null : (JSON.parse(text) as ErrandAnswer);
}

/** What the container does. `deployed` is the key of the feed that its pipeline was deployed with. */
export async function runErrand(kind: ErrandKind, event: StepEvent, deployed: string, ports: Ports): Promise<void> {
  const name = errandName.parse(executionName(event.execution));
  const { feed } = parseRunName(event.run)!;
  const errand = await errandOf(kind, feed, name, ports);
  const answer: ErrandAnswer = await (errand.kind === 'show'
    ? show(errand, ports)
    : releaseFor(errand, event, deployed, ports)
  ).then(
    (result) => ({ result }),
    (thrown: unknown) => ({ error: reportOf(asNightfeedError(thrown)) }),
  );
  await ports.store.create(keys.answer(feed, name), JSON.stringify(answer));
}

async function errandOf(kind: ErrandKind, feed: string, name: string, { store }: Ports): Promise<Errand> {
  const text = await store.readText(keys.errand(feed, name));
  const errand = text === null ? undefined : errandSchema.parse(JSON.parse(text));
  if (errand?.kind === kind) return errand;
  throw new NightfeedError('USAGE', `this execution was started to ${kind}, and nobody asked the operator for that`);
}

async function show(errand: Extract<Errand, { kind: 'show' }>, ports: Ports): Promise<Shown> {
  const rows = [];
  let bytes = 0;
  for await (const row of quarantinedRecords(filterOf(errand), ports)) {
    bytes += Buffer.byteLength(JSON.stringify(row));
    if (rows.length === errand.limit || bytes > MAX_ANSWER_BYTES) return { rows, more: true };
    rows.push(row);
  }
  return { rows, more: false };
}

async function releaseFor(
  { run, table, code, by }: Extract<Errand, { kind: 'release' }>,
  { execution }: StepEvent,
  deployed: string,
  ports: Ports,
): Promise<ReleaseResult> {
  const feed = await readFeed(ports, deployed);
  await ports.warehouse.inspect(feed);
  const owner = executionOwner(execution);
  return release({ feed, folder: '', owner, run: parseRunName(run)!, table, code, by }, ports);
}

function filterOf({ run, table, code }: Errand) {
  return { run: parseRunName(run)!, ...(table === null ? {} : { table }), ...(code === null ? {} : { code }) };
}
