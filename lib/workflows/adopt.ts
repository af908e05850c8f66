import { requireDue } from '../core/delivery/due-date.ts';
import { entryOf } from '../core/entry-of.ts';
import { NightfeedError } from '../core/errors.ts';
import { shortHash } from '../core/feed/reading-spec.ts';
import { columnsOf, type Feed } from '../core/feed/spec.ts';
import { isAccepted } from '../core/guards/target-object.ts';
import { keys, type RunId } from '../core/run/keys.ts';
import { runMessage } from '../core/run/message.ts';
import type { TableSummary } from '../core/run/night-result.ts';
import { workflows } from '../core/workflow/workflows.ts';
import type { Adoption, Survey } from '../ports/adopt.ts';
import type { Applied, AppliedState } from '../ports/ledger/applied.ts';
import type { Lakes } from '../ports/ledger/lakes.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports, Using } from '../ports/ports.ts';
import { liveSnapshot } from '../steps/base/base.ts';
import { keepManifest } from '../steps/base/snapshot.ts';
import { type NotifyPorts, notify } from '../steps/notify.ts';
import { newAttempt } from '../steps/run/attempt.ts';
import { keepFeed } from '../steps/run/feed-document.ts';
import { requireLake } from '../steps/run/lake.ts';
import { StepClock } from '../steps/run/step-clock.ts';
import { follow } from './follow.ts';

export interface AdoptRequest {
  readonly feed: Feed;
  readonly folder: string;
  /** The only table to take over; null for all tables of the feed that exist and are not nightfeed's. */
  readonly table: string | null;
  /** The business date of the rows, when nothing of the feed is published yet. */
  readonly date: string;
  /** nightfeed's columns may be added. */
  readonly yes: boolean;
}

export interface Adopted {
  readonly run: RunId | null;
  /** Number of rows by table. */
  readonly tables: Readonly<Record<string, number>>;
}

type ExportPorts = Pick<Ports, 'store' | 'begin' | 'reach'> &
  Using<'engine', 'importRows'> &
  Using<'target', 'liveRows'>;
export type AdoptPorts = NotifyPorts &
  ExportPorts &
  Pick<Ports, 'now' | 'sleep'> &
  Using<'target', 'migrateLedger' | 'survey' | 'adopt'> &
  WithLedger<AppliedState & Lakes & Runs>;

/** Takes over tables that are in production already: their rows become the base, so that a night writes only differences. */
export async function adopt(request: AdoptRequest, ports: AdoptPorts): Promise<Adopted> {
  const { feed, table } = request;
  const names = table === null ? Object.keys(feed.tables) : [table];
  if (table !== null && !entryOf(feed.tables, table))
    throw new NightfeedError(
      'USAGE',
      `the feed file has no table ${table}; it has ${Object.keys(feed.tables).join(', ')}`,
    );
  await ports.target.migrateLedger();
  await requireLake(feed.feed, ports);
  const applied = await ports.ledger.applied(feed.feed);
  if (!applied) requireDue({ ...request, hint: 'Give the day that the rows stand for with --date.' }, ports.now());
  const date = applied?.run.date ?? request.date;
  const surveys = await ports.target.survey(feed, names, date);
  if (table !== null && surveys[0]!.state === 'absent')
    throw new NightfeedError('USAGE', `${feed.target.schema}.${table} does not exist; its first night makes it`);
  const foreign = surveys.filter(({ state }) => state === 'foreign');
  requireKeys(feed, foreign);
  requireFit(feed, foreign);
  nameObjects(feed, foreign, ports);
  requireConsent(foreign, request);
  await notify(ports);
  if (foreign.length === 0) return { run: null, tables: {} };
  const run = await ports.ledger.nextRun(feed.feed, date);
  const clock = new StepClock(ports);
  const { left } = await follow(workflows.adopt, {
    async export() {
      const exported = await clock.time('export', () => exportTables(request, run, foreign, applied, ports));
      return {
        outcome: 'exported',
        left: { adoption: { ...exported, steps: () => clock.timesAtEndOf('publish') } },
      };
    },
    async publish({ adoption }) {
      await clock.time('publish', () => ports.target.adopt(adoption));
      await ports.reach('publish.committed');
      return { outcome: 'published' };
    },
    notify: async () => ({ outcome: 'told', sent: await notify(ports) }),
  });
  const rows = Object.entries(left.adoption!.tables).map(([name, { fingerprint }]) => [name, fingerprint.rows]);
  return { run, tables: Object.fromEntries(rows) };
}

/** Only a night numbers equal rows, in the order of a delivery. */
function requireKeys({ tables, target }: Feed, surveys: readonly Survey[]): void {
  const found = surveys.find(({ table }) => tables[table]!.key !== undefined);
  if (found === undefined) return;
  throw new NightfeedError(
    'USAGE',
    `${target.schema}.${found.table} cannot be taken over, because its rows have no key (key: none): nothing says which of them are which`,
    { hint: 'Nothing was changed. Rename the table; the first night makes another one and loads all rows.' },
  );
}

function requireFit(feed: Feed, surveys: readonly Survey[]): void {
  const problems = surveys.flatMap(({ table, problems: found }) => found.map((each) => ({ table, ...each })));
  if (problems.length === 0) return;
  const what = problems.map(({ table, what: each }) => `  ${feed.target.schema}.${table}: ${each}`);
  throw new NightfeedError(
    'MIGRATION_NEEDED',
    `the tables are not as the feed file declares them:\n${what.join('\n')}\n${problems.map(({ sql }) => sql).join('\n')}`,
    { hint: 'Correct the feed file, or review the SQL and run it yourself; then run the same command again.' },
  );
}

/** Names triggers and the like. Taking a table over leaves them as they are, but each night holds for those that are not accepted. */
function nameObjects(feed: Feed, surveys: readonly Survey[], { say }: Pick<Ports, 'say'>): void {
  for (const object of surveys.flatMap(({ objects }) => objects)) {
    const advice = `accept: [${JSON.stringify(object.name)}]`;
    if (!isAccepted(feed, object))
      say(`note: ${object.name} can change rows unseen; nights hold until \`target\` has ${advice}`);
  }
}

function requireConsent(surveys: readonly Survey[], { yes }: AdoptRequest): void {
  const statements = surveys.flatMap(({ meta }) => meta);
  if (yes || statements.length === 0) return;
  throw new NightfeedError(
    'MIGRATION_NEEDED',
    `four columns are to be added, which no row is rewritten for:\n${statements.join('\n')}`,
    { hint: 'Run the same command with --yes, or run the SQL yourself and the same command again.' },
  );
}

async function exportTables(
  { feed, folder }: AdoptRequest,
  run: RunId,
  surveys: readonly Survey[],
  applied: Applied | null,
  ports: ExportPorts,
): Promise<Omit<Adoption, 'steps'>> {
  const attempt = newAttempt('adopt');
  const feedHash = await keepFeed(feed, ports);
  const tables: Record<string, Adoption['tables'][string]> = {};
  const summary: Record<string, TableSummary> = {};
  for (const { table } of surveys) {
    ports.begin(`export ${table}`);
    const columns = columnsOf(feed.tables[table]!);
    await ports.engine.importRows(ports.target.liveRows(feed, table, columns), { columns }, async (rows) => {
      const key = keys.snapshot(run, attempt, table, 'carried.parquet');
      const snapshot = keys.snapshot(run, attempt, table, 'manifest.json');
      if (rows.fingerprint.rows > 0) await ports.store.writeFile(key, rows.path);
      const manifest = liveSnapshot({ feed, table, key, id: `${run.date}-adopted` }, rows);
      await keepManifest(ports, snapshot, manifest);
      tables[table] = { snapshot, fingerprint: rows.fingerprint };
      summary[table] = summaryOf(rows.fingerprint.rows);
    });
  }
  await ports.reach('diff.engine');
  const base = applied?.delivery ?? null;
  const delivery = shortHash([base, tables]);
  const message = runMessage({ run, state: 'published', changeSet: null, tables: summary });
  return { run, feed, feedHash, folder, base, delivery, tables, summary, message };
}

function summaryOf(rows: number): TableSummary {
  const nothing = { inserted: 0, updated: 0, returned: 0, gone: 0, filtered: 0, rejected: 0, suspended: 0 };
  return { rows, unchanged: rows, ...nothing, engine: 'postgres' };
}
