#!/usr/bin/env node
import { log, type Opened, setting, withMorePorts } from '../lambdas/compose.ts';
import { vendorSource } from '../lambdas/vendor-source.ts';
import { runContainerSteps } from '../lib/cloud/container-steps.ts';
import { planExecution } from '../lib/cloud/execution.ts';
import { runOperatorJob } from '../lib/cloud/operator-job.ts';
import { runTaskStep } from '../lib/cloud/step-worker.ts';
import { type StepEvent, type StepOutcome, stepEvent } from '../lib/core/cloud/events.ts';
import { containerOfJob } from '../lib/core/cloud/operator-job.ts';
import { stackOf } from '../lib/core/error-text.ts';
import { asNightfeedError, NightfeedError } from '../lib/core/errors.ts';
import { isTask, processes, stepsIn, taskNames } from '../lib/core/workflow/processes.ts';
import type { LocalEngine } from '../lib/engines/engine.ts';
import type { Ports } from '../lib/ports/ports.ts';
import { containerCatalog, containerEngine } from './container.ts';
import { reachFailPoint } from './fail-point.ts';
import { lastResort } from './last-resort.ts';

lastResort((thrown) => {
  tell(thrown);
  process.exit(1);
});

// All files that are written may have vendors' rows.
process.umask(0o077);

/**
 * A container runs one step, the steps that share a process, or a whole workflow or job. It exits with 0 when the ledger has the outcome;
 * otherwise a new container may succeed.
 */
try {
  await main(process.argv[2] ?? '');
} catch (thrown) {
  tell(thrown);
  process.exitCode = 1;
}
// A step that took longer than it may is still at work.
process.exit();

function tell(thrown: unknown): void {
  const error = asNightfeedError(thrown);
  log(`${error.name}: ${error.message} ${error.hint}`, 'error');
  const stack = stackOf(error);
  if (stack !== undefined) log(stack, 'error');
}

async function main(name: string): Promise<void> {
  const steps = stepsIn(name);
  // All steps of the container have the same one.
  let engine: LocalEngine | undefined;
  const close = async () => engine?.close();
  process.once('SIGTERM', () => {
    log('SIGTERM: stopping; the step begins again in a new task');
    void close().finally(() => process.exit(143));
  });
  try {
    const more = (opened: Opened) => {
      engine ??= containerEngine(opened.store, steps.length > 1);
      return { ...vendorSource(opened), engine, catalog: containerCatalog() };
    };
    if (steps.length < 2) return await withMorePorts(more, (ports) => work(name, ports), { reach: reachFailPoint });
    const outcome = await runContainerSteps(steps, (step, memory) =>
      withMorePorts(more, (ports) => runTaskStep(step, eventOfTask(), ports, memory), {
        reach: reachFailPoint,
        login: processes[step].login,
      }),
    );
    tellOutcome(outcome);
  } finally {
    await close();
  }
}

async function work(name: string, ports: Ports): Promise<void> {
  const event = eventOfTask();
  if (name === 'plan') return planExecution(event, setting('feed'), ports);
  const jobContainers = [...new Set(Object.values(containerOfJob))];
  const errand = jobContainers.find((container) => container === name);
  if (errand) return runOperatorJob(errand, event, setting('feed'), ports);
  if (!isTask(name)) {
    throw new NightfeedError(
      'USAGE',
      `received ${JSON.stringify(name)}; expected ${[...taskNames, 'intake', ...jobContainers].join(', ')} or plan`,
    );
  }
  tellOutcome(await runTaskStep(name, event, ports));
}

function eventOfTask(): StepEvent {
  return stepEvent.parse({ run: setting('run'), execution: setting('execution') });
}

function tellOutcome(outcome: StepOutcome | NightfeedError): void {
  log(outcome instanceof NightfeedError ? `${outcome.name}: ${outcome.message}` : outcome.outcome);
}
