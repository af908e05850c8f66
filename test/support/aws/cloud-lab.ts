import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimExecution, planExecution } from '../../../lib/cloud/execution.ts';
import { lookAgain } from '../../../lib/cloud/look.ts';
import { runOperatorJob } from '../../../lib/cloud/operator-job.ts';
import { outcomeOf } from '../../../lib/cloud/outcome.ts';
import { runFunctionStep, runTaskStep } from '../../../lib/cloud/step-worker.ts';
import { stop } from '../../../lib/cloud/stop.ts';
import {
  type ClaimAnswer,
  claimOutcomes,
  type ExecutionInput,
  type LookAnswer,
  type StopAnswer,
} from '../../../lib/core/cloud/events.ts';
import { containerOfJob, type OperatorJobKind } from '../../../lib/core/cloud/operator-job.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { canonicalJson } from '../../../lib/core/feed/reading-spec.ts';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import type { CloudMetric } from '../../../lib/core/metrics/embedded.ts';
import { feedKeyOf } from '../../../lib/core/run/feed-key.ts';
import { isTask } from '../../../lib/core/workflow/processes.ts';
import { type NightRow, workflows } from '../../../lib/core/workflow/workflows.ts';
import { LocalEngine } from '../../../lib/engines/engine.ts';
import { formats } from '../../../lib/formats/index.ts';
import { hostMeter } from '../../../lib/host/meter.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { sources } from '../../../lib/sources/index.ts';
import { openSource } from '../../../lib/sources/open.ts';
import { ledgerSightings } from '../../../lib/steps/arrival/ledger-sightings.ts';
import { folderStore } from '../../../lib/stores/folder/folder.ts';
import { postgresTarget } from '../../../lib/target/postgres/postgres-target.ts';
import { walk } from '../../../lib/workflows/follow.ts';
import { channelsTo } from '../in-memory/channels.ts';
import type { NightLab } from '../nights/night-lab.ts';
import { ownTime } from '../own-time.ts';
import { parseFeed } from '../parse-feed.ts';
import { feedFile } from '../vendors/night-vendor.ts';

type Process = NightRow | 'outcome' | 'stop';

/** What a test does about one process: `work` is the process, with adapters that the test may change. */
export type Meddle = <T>(process: Process, work: (change?: (ports: Ports) => Ports) => Promise<T>) => Promise<T>;

export interface Ended {
  /** State that the last answer led to. */
  readonly state: string;
  /** Steps in the order in which they were begun. */
  readonly trace: readonly string[];
  readonly error: NightfeedError | null;
}

/** Steps as the cloud runs them, each with adapters of its own, beside the command line in the same lab. */
export class CloudLab {
  readonly lab: NightLab;
  readonly deployed: string;
  readonly feed: Feed;
  /** Subjects of what was sent. */
  readonly messages: string[] = [];
  /** All that was said. */
  readonly log: string[] = [];
  /** What CloudWatch was told, in order. */
  readonly measured: CloudMetric[] = [];
  readonly #time = ownTime();

  constructor(lab: NightLab, text = feedFile('{folder: "vendor/{date}"}')) {
    this.lab = lab;
    this.feed = parseFeed(text, 'feed.yaml');
    this.deployed = feedKeyOf(this.feed);
  }

  /** As `cdk deploy` does: ledger, tables, and the feed document in the lake. */
  async deploy(): Promise<void> {
    await this.process((ports) => ports.target.migrate(this.feed));
    await this.process((ports) => ports.store.create(this.deployed, canonicalJson(this.feed)));
  }

  /** Runs `work` with adapters that nobody else has. */
  async process<T>(work: (ports: Ports) => Promise<T>): Promise<T> {
    const { lab } = this;
    const lake = join(lab.home, 'lake');
    const store = folderStore(lake);
    const scratch = mkdtempSync(join(tmpdir(), 'cloud-lab-'));
    const engine = new LocalEngine({ store, scratch, memory: '500MB', threads: 2 });
    const postgres = postgresTarget(lab.database.url, { isDead: () => false, reach: async () => {} });
    try {
      return await work({
        formats,
        openSource: async (feed, date) =>
          openSource(feed, sources, { date, folder: lab.folder, own: join(lab.home, 'looks'), secret: () => SECRET }),
        store,
        engine,
        ledger: postgres.ledger,
        target: postgres.target,
        channels: channelsTo({ send: async (message) => void this.messages.push(message.subject) }),
        sightings: ledgerSightings(postgres.ledger),
        ...this.#time,
        reach: async () => {},
        begin: () => {},
        progress: () => {},
        say: (text) => void this.log.push(text),
        measure: (_feed, metrics) => void this.measured.push(...metrics),
        meter: hostMeter(scratch),
      });
    } finally {
      await engine.close();
      await postgres.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /** What the state machine does: follows the rows of the night, each step in a process. Waits pass in the lab's own time. */
  async execute(execution: string, input: ExecutionInput, meddle: Meddle = (_process, work) => work()): Promise<Ended> {
    const trace: string[] = [];
    let claimed: ClaimAnswer | undefined;
    let looked: LookAnswer | undefined;
    const as = <T>(process: Process, work: (ports: Ports) => Promise<T>): Promise<T> => {
      if (process !== 'outcome' && process !== 'stop') trace.push(process);
      return meddle(process, (change = (ports) => ports) => this.process((ports) => work(change(ports))));
    };
    const isOpen = () => claimed?.outcome === 'opened';
    const eventOf = () => ({ run: claimed!.run, execution });
    const take = async (row: NightRow): Promise<string> => {
      if (row === 'claim') {
        const event = {
          input,
          execution,
          started: new Date().toISOString(),
          looked: looked ?? (false as const),
          knows: claimOutcomes,
        };
        claimed = await as('claim', (ports) => claimExecution(event, this.deployed, ports));
        return claimed.outcome;
      }
      if (row === 'look') {
        looked = await as('look', (ports) => lookAgain(eventOf(), this.deployed, ports));
        return looked.outcome;
      }
      if (!isTask(row)) {
        const answer = await as(row, (ports) => runFunctionStep(row, eventOf(), ports));
        if (answer.outcome === 'waiting') await this.#time.sleep(answer.seconds * 1000);
        return answer.outcome;
      }
      await as(row, (ports) => runTaskStep(row, eventOf(), ports));
      return (await as('outcome', (ports) => outcomeOf(row, eventOf(), ports))).outcome;
    };
    const stopped = async (error?: NightfeedError): Promise<StopAnswer> => {
      const caught = error
        ? { error: { Error: error.name, Cause: JSON.stringify({ errorMessage: error.message }) } }
        : { state: 'unchanged' as const };
      return as('stop', (ports) => stop({ execution, ...(isOpen() ? eventOf() : {}), ...caught }, ports));
    };
    try {
      if (input.plan) {
        await take('claim');
        await this.process((ports) => planExecution(eventOf(), this.deployed, ports));
        return { state: 'planned', trace, error: null };
      }
      if (input.errand) {
        const container = containerOfJob[(await take('claim')) as OperatorJobKind];
        await this.process((ports) => runOperatorJob(container, eventOf(), this.deployed, ports));
        return { state: 'answered', trace, error: null };
      }
      const state = await walk(workflows.night, take);
      return { ...(state === 'unchanged' && isOpen() ? await stopped() : { state }), trace, error: null };
    } catch (thrown) {
      if (!(thrown instanceof NightfeedError)) throw thrown;
      return { ...(await stopped(thrown)), trace, error: thrown };
    }
  }
}

/** No text of the ledger, the lake or a log may hold it. */
export const SECRET = 'canary-8c1f2b7e';
