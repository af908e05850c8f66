import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import * as functions from '../../../lambdas/index.ts';
import * as vendorFunctions from '../../../lambdas/vendor.ts';
import { runContainerSteps } from '../../../lib/cloud/container-steps.ts';
import { planExecution } from '../../../lib/cloud/execution.ts';
import { runTaskStep } from '../../../lib/cloud/step-worker.ts';
import { type ExecutionInput, stepEvent } from '../../../lib/core/cloud/events.ts';
import { stepsIn } from '../../../lib/core/workflow/processes.ts';
import { type StepName, type StepRow, workflows } from '../../../lib/core/workflow/workflows.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { night } from '../../../lib/workflows/night.ts';
import { CloudLab, SECRET } from '../../support/aws/cloud-lab.ts';
import { type Executed, executeDefinition } from '../../support/aws/synthesised-night.ts';
import { labsAfter } from '../../support/nights/labs-after.ts';
import type { NightLab } from '../../support/nights/night-lab.ts';
import { parseFeed } from '../../support/parse-feed.ts';
import { startFtpServer } from '../../support/vendors/ftp-server.ts';
import { dateOf, deliveryOf, feedFile } from '../../support/vendors/night-vendor.ts';
import { definitionOf } from '../asl.ts';
import { appOf, templatesOf } from '../synthesised.ts';

export const DAY = dateOf(3);
export const RUN = `shop/${DAY}`;
export const FIRST = 'arn:aws:states:eu-west-1:000000000000:execution:nightfeed-prod-shop-night:first';
export const context = {
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:nightfeed-prod-shop-claim',
} as never;
export const SECOND = FIRST.replace('first', 'second');
const ftp = (port: number, stable = '0s') =>
  `{ftp: {host: 127.0.0.1, port: ${port}, user: vendor, password: "secret:vendor", path: "/{date}"}}\nready: {stable: ${stable}}`;

export const definition = definitionOf(
  templatesOf(appOf({ feeds: [parseFeed(feedFile(ftp(21)), 'feed.yaml')] }))['nightfeed-prod-Pipeline-shop'],
);

/** What the functions' composition gives them, instead of AWS: a lab's adapters, which a test may change. */
const composed = vi.hoisted(() => ({ cloud: {} as CloudLab, change: (ports: Ports) => ports }));
export const lambdas = { ...functions, ...vendorFunctions };

/** A function declaration, because the mock is made before a constant would be there. */
function inLab<T>(work: (ports: Ports) => Promise<T>): Promise<T> {
  return composed.cloud.process((ports) => work(composed.change(ports)));
}
vi.mock('../../../lambdas/compose.ts', () => ({
  withPorts: inLab,
  withMorePorts: <T>(_more: unknown, work: (ports: Ports) => Promise<T>) => inLab(work),
  setting: (name: string) => (name === 'stage' ? 'prod' : composed.cloud.deployed),
  startLog: () => {},
  log: (text: string) => composed.cloud.log.push(text),
}));

/** A stage in memory after two nights; the third one lies on an FTP server. */
export function nightInMemory(): (more?: string, stable?: string) => Promise<CloudLab> {
  const fork = labsAfter(2);
  return async (more = '', stable = '0s') => deploy(await fork(), more, stable);
}

async function deploy(lab: NightLab, more: string, stable: string): Promise<CloudLab> {
  lab.deliver(DAY, deliveryOf(3));
  const server = await startFtpServer({ root: join(lab.folder, 'vendor'), users: { vendor: SECRET } });
  onTestFinished(() => server.close());
  const cloud = new CloudLab(lab, feedFile(ftp(server.port, stable)) + more);
  await cloud.deploy();
  Object.assign(composed, { cloud, change: (ports: Ports) => ports });
  return cloud;
}

/** What happens to one process: `work` is the process, with adapters that a test may change. */
export type Meddle = (name: string, work: (change?: (ports: Ports) => Ports) => Promise<unknown>) => Promise<unknown>;

export function execute(
  cloud: CloudLab,
  execution: string,
  input: ExecutionInput,
  meddle: Meddle = (_name, work) => work(),
  machine = definition,
): Promise<Executed> {
  return executeDefinition(machine, execution, input, (name, event) =>
    meddle(name, (change = (ports) => ports) => {
      composed.change = change;
      return processOf(cloud, name, event, change);
    }),
  );
}

/** A function's handler, or what bin/task.ts does. */
async function processOf(
  cloud: CloudLab,
  name: string,
  event: unknown,
  change: (ports: Ports) => Ports,
): Promise<unknown> {
  const handler = (lambdas as Record<string, (event: unknown, context: never) => Promise<unknown>>)[name];
  if (handler) return handler(event, context);
  const given = stepEvent.parse(event);
  const steps = stepsIn(name);
  if (steps.length > 0)
    await cloud.process((ports) =>
      runContainerSteps(steps, (step, memory) => runTaskStep(step, given, change(ports), memory)),
    );
  else await cloud.process((ports) => planExecution(given, cloud.deployed, change(ports)));
  return null;
}

/** Steps of a laptop's night. */
export async function laptopSteps(cloud: CloudLab): Promise<string[]> {
  const steps = ['claim'];
  const owner = { host: 'laptop', pid: 1, started: 'now' };
  await cloud.process((ports) =>
    night({ feed: cloud.feed, date: DAY, folder: '', owner }, { ...ports, begin: (step) => steps.push(step) }),
  );
  return steps;
}

/** As ECS reports a container that ended by itself. */
export class TaskFailed extends Error {
  override readonly name = 'States.TaskFailed';
}

/** A function that Lambda could not call, or did not hear of again. */
export class LambdaUnknown extends Error {
  override readonly name = 'Lambda.Unknown';
}

/** Fails the first call of every process; `functions` throw this. */
export function failingOnce(functions: () => Error): Meddle {
  const seen = new Set<string>();
  return async (name, work) => {
    const isFirst = !seen.has(name);
    seen.add(name);
    if (isFirst) throw stepsIn(name).length > 0 ? new TaskFailed('exit code 137') : functions();
    return work();
  };
}

/** The process on AWS that begins a step of a feed without Spark. */
export function processDoing(step: StepName): string {
  return (workflows.night[step] as StepRow).shares ?? step;
}

export const stateOf = (step: StepName) => `${step[0]!.toUpperCase()}${step.slice(1)}`;
