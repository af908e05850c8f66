import type { StepOutcome } from '../core/cloud/events.ts';
import { landedFiles } from '../core/run/run-files.ts';
import type { LaterStep, StepRow, workflows } from '../core/workflow/workflows.ts';
import type { AppliedState } from '../ports/ledger/applied.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Notes } from '../ports/ledger/open-runs.ts';
import type { Using } from '../ports/ports.ts';
import { type ArrivePorts, arrive, arriveAtOnce } from '../steps/arrive.ts';
import { asDelivered } from '../steps/base/as-delivered.ts';
import { isApplied } from '../steps/base/base-identity.ts';
import { type DiffPorts, diff, noteChanges } from '../steps/diff.ts';
import { type GuardPorts, guard } from '../steps/guard.ts';
import { type NotifyPorts, notify } from '../steps/notify.ts';
import { type PublishPorts, publish } from '../steps/publish.ts';
import { type PullPorts, pull } from '../steps/pull.ts';
import type { OpenRun } from '../steps/run/run-request.ts';
import { logStorage, type StorageLogPorts } from '../steps/run/storage-log.ts';
import { type TidyPorts, tidy } from '../steps/tidy.ts';
import type { Answer, Given, StepContext } from './step-work.ts';

/** What each step uses of the world, with all that it calls. */
export interface StepPorts {
  readonly arrive: ArrivePorts;
  readonly pull: PullPorts & Using<'engine', 'needsJob'> & WithLedger<Notes>;
  readonly diff: DiffPorts & WithLedger<AppliedState & Notes>;
  readonly guard: GuardPorts;
  readonly publish: PublishPorts;
  readonly notify: NotifyPorts;
  readonly tidy: TidyPorts & StorageLogPorts;
}

export type NightSteps = { readonly [Step in LaterStep]: NightStep<Rows[Step], StepPorts[Step]> };

type NightStep<Row extends StepRow, Uses> = (
  context: StepContext<Uses>,
  given: Given<Row>,
) => Promise<Answer<Row> & StepOutcome>;

/**
 * The work of each step of the night. On a machine of one's own one process calls all of them in order (night.ts); in the cloud a process
 * calls one of them (lib/cloud/run-step.ts).
 */
export const nightSteps = {
  async arrive({ open, canWait, ports, watch }: StepContext<StepPorts['arrive']>) {
    if (canWait) return { outcome: 'arrived', left: { arrival: await watch(() => arrive(open, ports)) } };
    const sight = await watch(() => arriveAtOnce(open, ports));
    if (sight.kind === 'waiting') return { outcome: 'waiting', seconds: sight.seconds };
    return { outcome: 'arrived', left: { arrival: sight.receipt } };
  },

  async pull({ open, ports, watch }: StepContext<StepPorts['pull']>, { arrival }: Given<Rows['pull']>) {
    const left = await watch(() => pull(open, arrival, ports));
    await ports.ledger.note(open.run, open.fence, { files: { listed: landedFiles(arrival, left.pulled) } });
    const isLarge = Object.values(left.pulled.tables).some(({ bytes }) =>
      ports.engine.needsJob(open.request.feed, bytes),
    );
    return { outcome: 'pulled', engine: isLarge ? 'spark' : 'local', left };
  },

  async diff({ open, round, ports, watch }: StepContext<StepPorts['diff']>, given: Given<Rows['diff']>) {
    const { pulled } = given;
    // Each round writes its objects under its own prefix.
    const attempt = round === 1 ? open.attempt : `${open.attempt}-${round}`;
    const delivered = asDelivered({ ...open, attempt }, pulled);
    const applied = await ports.ledger.applied(open.run.feed);
    if (isApplied(delivered.request.feed, pulled, applied)) return { outcome: 'unchanged' };
    const changes = await watch(() => diff(delivered, given, applied, ports));
    await noteChanges(open, changes, ports);
    return { outcome: 'compared', left: { changes } };
  },

  async guard({ open, ports, watch }: StepContext<StepPorts['guard']>, { arrival, changes }: Given<Rows['guard']>) {
    const delivered = asDelivered(open, changes.receipt);
    const judgement = await watch(() => guard(delivered, arrival, changes, ports));
    return { outcome: judgement.pass ? 'pass' : 'held', left: { judgement } };
  },

  async publish(
    { open, ports, watch }: StepContext<StepPorts['publish']>,
    { changes, judgement }: Given<Rows['publish']>,
  ) {
    const delivered = asDelivered(open, changes.receipt);
    const written = await watch(() => publish(delivered, changes, judgement.warnings, ports));
    return { outcome: 'published', left: { written } };
  },

  async notify({ ports, watch }: StepContext<StepPorts['notify'], unknown>) {
    return { outcome: 'told', sent: await watch(() => notify(ports)) };
  },

  async tidy(
    { open, ports, watch }: StepContext<StepPorts['tidy'], Pick<OpenRun, 'request' | 'run'>>,
    { changes }: Given<Rows['tidy']>,
  ) {
    const removed = await watch(() => tidy(asDelivered(open, changes.receipt), changes, ports));
    await logStorage(open.run, ports);
    return { outcome: 'tidied', ...(Object.keys(removed).length > 0 ? { removed } : {}) };
  },
} as const satisfies NightSteps;

type Rows = typeof workflows.night;
