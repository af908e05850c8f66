import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { operate } from '../../../lib/cloud/operator.ts';
import { answerQuestion } from '../../../lib/cloud/reader.ts';
import { namesOf } from '../../../lib/core/cloud/cloud-names.ts';
import { type ExecutionInput, operatorEvent, readerEvent } from '../../../lib/core/cloud/events.ts';
import { requireOwn } from '../../../lib/core/cloud/own-pipeline.ts';
import { asNightfeedError } from '../../../lib/core/errors.ts';
import type { CloudLab } from './cloud-lab.ts';

const names = namesOf('dev-shop');
const STATE_MACHINE = `arn:aws:states:eu-west-1:000000000000:stateMachine:${names.stateMachine}`;
export const ADA = 'arn:aws:sts::000000000000:assumed-role/Operators/ada';

/** Lambda's and Step Functions' API in front of a lab, as far as the command line asks. Resolves to its environment. */
export async function stackFront(cloud: CloudLab): Promise<Record<string, string>> {
  const histories = new Map<string, object[]>();
  const actions: Record<string, (body: never) => Promise<object>> = {
    async StartExecution({ stateMachineArn, input, name }: { stateMachineArn: string; input: string; name?: string }) {
      if (stateMachineArn !== STATE_MACHINE) throw new Error(`started ${stateMachineArn}`);
      const executionArn = `${STATE_MACHINE.replace('stateMachine', 'execution')}:${name ?? histories.size}`;
      histories.set(executionArn, await historyOf(cloud, executionArn, JSON.parse(input) as ExecutionInput));
      return { executionArn, startDate: 0 };
    },
    async GetExecutionHistory({ executionArn }: { executionArn: string }) {
      return { events: histories.get(executionArn) };
    },
  };
  const server = createServer(async (request, response) => {
    const said = await text(request);
    if (said.startsWith('Action=GetCallerIdentity')) return void response.end(`<Arn>${ADA}</Arn>`);
    const body: unknown = JSON.parse(said);
    const action = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    if (action) return void response.end(JSON.stringify(await actions[action]!(body as never)));
    const name = /\/functions\/([^/]+)\/invocations/.exec(request.url!)?.[1];
    const answer = name === names.reader ? read : name === names.operator ? decide : undefined;
    if (!answer) return void response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}');
    try {
      response.end(JSON.stringify(await answer(cloud, body)));
    } catch (thrown) {
      const { name: errorType, message: errorMessage } = asNightfeedError(thrown);
      response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end(JSON.stringify({ errorType, errorMessage }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { AWS_ENDPOINT_URL, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
}

async function read(cloud: CloudLab, body: unknown): Promise<unknown> {
  const event = readerEvent.parse(body);
  requireOwn(event, { feed: 'shop', stateMachine: STATE_MACHINE });
  if (event.command === 'about') return { stateMachine: STATE_MACHINE };
  return cloud.process((ports) => answerQuestion(event, 'shop', ports));
}

async function decide(cloud: CloudLab, body: unknown): Promise<unknown> {
  const event = operatorEvent.parse(body);
  requireOwn(event, { feed: 'shop', stateMachine: STATE_MACHINE });
  if (event.command === 'about') return { stateMachine: STATE_MACHINE };
  return cloud.process((ports) => operate(event, { feed: 'shop', whoAsks: async () => ADA }, ports));
}

/** Newest first, a state a second. */
async function historyOf(cloud: CloudLab, execution: string, input: ExecutionInput): Promise<object[]> {
  const { state, trace, error } = await cloud.execute(execution, input);
  const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1);
  const entered = [...trace, state].map((name) => ({
    type: name === state ? (error ? 'FailStateEntered' : 'SucceedStateEntered') : 'TaskStateEntered',
    stateEnteredEventDetails: { name: capital(name) },
  }));
  const cause = JSON.stringify({ errorMessage: error?.message });
  const end = error
    ? { type: 'ExecutionFailed', executionFailedEventDetails: { error: error.name, cause } }
    : { type: 'ExecutionSucceeded' };
  return [{ type: 'ExecutionStarted' }, ...entered, end]
    .map((event, index) => ({ ...event, id: index + 1, timestamp: index }))
    .reverse();
}
