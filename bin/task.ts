#!/usr/bin/env node
import { log, type Opened, setting, withMorePorts } from '../lambdas/compose.ts';
import { vendorSource } from '../lambdas/vendor-source.ts';
import { planExecution } from '../lib/cloud/execution.ts';
import { runOperatorJob } from '../lib/cloud/operator-job.ts';
import { runTaskStep } from '../lib/cloud/step-worker.ts';
import { stepEvent } from '../lib/core/cloud/events.ts';
import { operatorJobKinds } from '../lib/core/cloud/operator-job.ts';
import { stackOf } from '../lib/core/error-text.ts';
import { asNightfeedError, NightfeedError } from '../lib/core/errors.ts';
import { isTask, taskNames } from '../lib/core/workflow/processes.ts';
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

/** A container runs one step, or `plan`. It exits with 0 when the ledger has the outcome; otherwise a new container may succeed. */
try {
  await main(process.argv[2] ?? '');
} catch (thrown) {
  tell(thrown);
  process.exitCode = 1;
}

function tell(thrown: unknown): void {
  const error = asNightfeedError(thrown);
  log(`${error.name}: ${error.message} ${error.hint}`);
  const stack = stackOf(error);
  if (stack !== undefined) log(stack);
}

async function main(name: string): Promise<void> {
  let engine: LocalEngine | undefined;
  const close = async () => engine?.close();
  process.once('SIGTERM', () => {
    log('SIGTERM: stopping; the step begins again in a new task');
    void close().finally(() => process.exit(143));
  });
  try {
    const more = (opened: Opened) => {
      engine = containerEngine(opened.store);
      return { ...vendorSource(opened), engine, catalog: containerCatalog() };
    };
    await withMorePorts(more, (ports) => work(name, ports), reachFailPoint);
  } finally {
    await close();
  }
}

async function work(name: string, ports: Ports): Promise<void> {
  const event = stepEvent.parse({ run: setting('run'), execution: setting('execution') });
  if (name === 'plan') return planExecution(event, setting('feed'), ports);
  const errand = operatorJobKinds.find((kind) => kind === name);
  if (errand) return runOperatorJob(errand, event, setting('feed'), ports);
  if (!isTask(name)) {
    throw new NightfeedError(
      'USAGE',
      `received ${JSON.stringify(name)}; expected ${[...taskNames, ...operatorJobKinds].join(', ')} or plan`,
    );
  }
  const outcome = await runTaskStep(name, event, ports);
  log(outcome instanceof NightfeedError ? `${outcome.name}: ${outcome.message}` : outcome.outcome);
}
