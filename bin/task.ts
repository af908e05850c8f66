#!/usr/bin/env node
import { log, setting, withPorts } from '../lambdas/compose.ts';
import { runErrand } from '../lib/cloud/errand.ts';
import { planExecution } from '../lib/cloud/execution.ts';
import { workTask } from '../lib/cloud/task.ts';
import { errandKinds } from '../lib/core/cloud/errand.ts';
import { stackOf } from '../lib/core/error-text.ts';
import { asNightfeedError, NightfeedError } from '../lib/core/errors.ts';
import { stepEvent } from '../lib/core/run/contract.ts';
import { isTask, taskNames } from '../lib/core/run/steps.ts';
import type { LocalEngine } from '../lib/engines/engine.ts';
import type { Ports } from '../lib/ports/ports.ts';
import { containerCatalog, containerEngine } from './container.ts';
import { reachFailPoint } from './fail-point.ts';
import { lastResort } from './last-resort.ts';

lastResort((thrown) => {
  tell(thrown);
  process.exit(1);
});

// As on a laptop: vendors' rows are in all that is written.
process.umask(0o077);

/** What a container does: one step, or `plan`. It ends with 0 when the ledger says what came of it; else a new one may help. */
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
    await withPorts((ports) => work(name, ports), {
      engine: (store) => {
        engine = containerEngine(store);
        return engine;
      },
      catalog: containerCatalog(),
      reach: reachFailPoint,
    });
  } finally {
    await close();
  }
}

async function work(name: string, ports: Ports): Promise<void> {
  const event = stepEvent.parse({ run: setting('run'), execution: setting('execution') });
  if (name === 'plan') return planExecution(event, setting('feed'), ports);
  const errand = errandKinds.find((kind) => kind === name);
  if (errand) return runErrand(errand, event, setting('feed'), ports);
  if (!isTask(name)) {
    throw new NightfeedError(
      'USAGE',
      `received ${JSON.stringify(name)}; expected ${[...taskNames, ...errandKinds].join(', ')} or plan`,
    );
  }
  const outcome = await workTask(name, event, ports);
  log(outcome instanceof NightfeedError ? `${outcome.name}: ${outcome.message}` : outcome.outcome);
}
