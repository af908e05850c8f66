import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, describeAws } from './aws.ts';
import { queryAws } from './aws-request.ts';
import { standIn } from './localstack.ts';

const handler = `
exports.handler = async ({ throws, says, exits, sleeps, ResponseURL, ResourceProperties }, context) => {
  if (ResponseURL) {
    const answer = { Status: 'SUCCESS', PhysicalResourceId: 'made of ' + ResourceProperties.Material };
    return void await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
  }
  process.stdout.write('without a line end');
  if (throws) throw Object.assign(new Error('thrown'), { name: throws });
  if (exits) process.exit(3);
  if (sleeps) await new Promise((resolve) => setTimeout(resolve, sleeps));
  return { says, function: context.functionName, endpoint: process.env.AWS_ENDPOINT_URL };
};`;

/** Notes its command and environment in a file, fails as often as it is told, or waits to be killed. */
const program = `
const { appendFileSync, readFileSync } = require('node:fs');
const { NOTES, FAILS = 0, WAITS, SECRET, RUN, AWS_ENDPOINT_URL } = process.env;
appendFileSync(NOTES, JSON.stringify({ args: process.argv.slice(1), SECRET, RUN, AWS_ENDPOINT_URL, pid: process.pid }) + '\\n');
if (WAITS) setTimeout(() => {}, 60_000);
else if (readFileSync(NOTES, 'utf8').split('\\n').length - 1 <= FAILS) process.exit(1);`;

await describeAws('LocalStack without Docker', ['localstack'], (aws) => {
  describe.skipIf(aws.folder === undefined)('(skipped without an emulator)', () => {
    const name = `t${randomUUID().slice(0, 8)}`;
    const lambda = new LambdaClient(aws.client);
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nightfeed-localstack-test-'));
      await deploy(aws, name);
    });

    afterAll(() => rm(folder, { recursive: true }));

    const invoke = async (event: object) => {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
      );
      return { FunctionError, payload: JSON.parse(Buffer.from(Payload!).toString()) };
    };

    /** A stand-in that notes what it is given; `notes` reads them. */
    const noting = async (kind: 'task' | 'job', environment: Record<string, string> = {}) => {
      const file = join(folder, randomUUID());
      const command = [process.execPath, '-e', program, '--'];
      await standIn({ folder: aws.folder! }, `${kind}/${name}`, {
        command,
        cwd: folder,
        environment: { NOTES: file, ...environment },
      });
      return async () =>
        (await readFile(file, 'utf8'))
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
    };

    test('runs a Lambda function in Node', async () => {
      expect(await invoke({ says: 'hello' })).toEqual({
        FunctionError: undefined,
        payload: { says: 'hello', function: name, endpoint: aws.client.endpoint },
      });
    });

    test.each([
      ['throws', { throws: 'EMPTY_FILE' }, { errorType: 'EMPTY_FILE', errorMessage: 'thrown' }],
      ['ends its process', { exits: true }, { errorType: 'Runtime.ExitError' }],
      ['takes longer than its timeout', { sleeps: 5000 }, { errorType: 'Sandbox.Timedout' }],
    ])('a function that %s fails, and works the next time', async (_, event, failure) => {
      expect(await invoke(event)).toMatchObject({ FunctionError: 'Unhandled', payload: failure });
      expect(await invoke({ says: 'again' })).toMatchObject({ payload: { says: 'again' } });
    });

    test('a function works on a custom resource', async () => {
      const stack = await cloudFormation(aws, { Action: 'DescribeStacks', StackName: name });
      expect(stack).toContain('<OutputValue>made of wood</OutputValue>');
    });

    test("an error's own name reaches Catch", async () => {
      expect(await execute(aws, name, { step: 'function', throws: 'EMPTY_FILE' })).toMatchObject({
        status: 'SUCCEEDED',
        output: { caught: { Error: 'EMPTY_FILE' } },
      });
    });

    test('runs a task with the environment and the command of its container, and nothing else of ours', async () => {
      const notes = await noting('task');
      const { status } = await execute(aws, name, { step: 'task', run: 'catalog/2026-11-20' });

      expect(status).toBe('SUCCEEDED');
      const given = { args: ['pull'], RUN: 'catalog/2026-11-20', AWS_ENDPOINT_URL: aws.client.endpoint };
      expect(await notes()).toEqual([{ ...given, pid: expect.any(Number) }]);
    });

    test('a task that fails is States.TaskFailed: retried, then caught', async () => {
      const twice = await noting('task', { FAILS: '1' });
      expect(await execute(aws, name, { step: 'task', run: 'r' })).toMatchObject({ status: 'SUCCEEDED' });
      expect(await twice()).toHaveLength(2);

      await noting('task', { FAILS: '9' });
      expect(await execute(aws, name, { step: 'task', run: 'r' })).toMatchObject({
        output: { caught: { Error: 'States.TaskFailed', Cause: expect.stringContaining('"ExitCode": 1') } },
      });
    });

    test('a task that is killed is States.TaskFailed', async () => {
      const notes = await noting('task', { WAITS: '1' });
      const execution = execute(aws, name, { step: 'task', run: 'r' });
      for (let attempt = 1; attempt <= 2; attempt++) {
        const pid = await pidOf(notes, attempt);
        // LocalStack as it comes ends a second attempt that it looks at before it is over as States.Timeout.
        await sleep(1500);
        process.kill(pid, 'SIGKILL');
      }
      expect(await execution).toMatchObject({
        output: { caught: { Error: 'States.TaskFailed', Cause: expect.stringContaining('"ExitCode": 137') } },
      });
    });

    test('runs a Glue job', async () => {
      const notes = await noting('job');
      expect(await execute(aws, name, { step: 'job', run: 'r' })).toMatchObject({ status: 'SUCCEEDED' });
      expect(await notes()).toMatchObject([{ args: ['--run', 'r'] }]);

      await noting('job', { FAILS: '9' });
      const caught = { Error: 'States.TaskFailed', Cause: expect.stringContaining('exit code 1') };
      expect(await execute(aws, name, { step: 'job', run: 'r' })).toMatchObject({ output: { caught } });
    });

    test('listens on the loopback interface only', async () => {
      const outside = Object.values(networkInterfaces())
        .flatMap((addresses) => addresses ?? [])
        .filter(({ family, internal }) => family === 'IPv4' && !internal);
      for (const { address } of outside) {
        const { port } = new URL(aws.client.endpoint!);
        await expect(fetch(`http://${address}:${port}/_localstack/health`)).rejects.toThrow();
      }
    });
  });
});

async function pidOf(notes: () => Promise<{ pid: number }[]>, attempt: number): Promise<number> {
  for (;;) {
    const found = (await notes().catch(() => []))[attempt - 1];
    if (found) return found.pid;
    await sleep(50);
  }
}

/** One stack with a function, a task, a job and a state machine that calls them, all of this name. */
async function deploy(aws: Aws, name: string): Promise<void> {
  const role = 'arn:aws:iam::000000000000:role/any';
  const fallible = {
    Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1, IntervalSeconds: 1 }],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.caught', Next: 'Caught' }],
    TimeoutSeconds: 20,
    End: true,
  };
  const step = (Resource: string, Parameters: object) => ({ Type: 'Task', Resource, Parameters, ...fallible });
  const reference = (id: string) => `\${${id}}`;
  const environment = [{ Name: 'RUN', 'Value.$': '$.run' }];
  const definition = {
    StartAt: 'Which?',
    States: {
      'Which?': {
        Type: 'Choice',
        Choices: ['function', 'task', 'job'].map((StringEquals) => ({
          Variable: '$.step',
          StringEquals,
          Next: StringEquals,
        })),
      },
      function: step('arn:aws:states:::lambda:invoke', { FunctionName: name, 'Payload.$': '$' }),
      task: step('arn:aws:states:::ecs:runTask.sync', {
        Cluster: reference('Cluster.Arn'),
        TaskDefinition: reference('TaskDefinition'),
        LaunchType: 'FARGATE',
        Overrides: { ContainerOverrides: [{ Name: 'main', Environment: environment }] },
      }),
      job: step('arn:aws:states:::glue:startJobRun.sync', {
        JobName: reference('Job'),
        Arguments: { '--run.$': '$.run' },
      }),
      Caught: { Type: 'Pass', End: true },
    },
  };
  const container = { Name: 'main', Image: 'any', Command: ['pull'] };
  const resources = {
    Function: [
      'Lambda::Function',
      {
        FunctionName: name,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: role,
        Code: { ZipFile: handler },
        Timeout: 2,
      },
    ],
    Cluster: ['ECS::Cluster', {}],
    TaskDefinition: ['ECS::TaskDefinition', { Family: name, ContainerDefinitions: [container] }],
    Job: ['Glue::Job', { Name: name, Role: role, Command: { Name: 'glueetl' } }],
    Machine: [
      'StepFunctions::StateMachine',
      { StateMachineName: name, RoleArn: role, DefinitionString: { 'Fn::Sub': JSON.stringify(definition) } },
    ],
  };
  const custom = { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, Material: 'wood' };
  const template = {
    Resources: {
      ...Object.fromEntries(
        Object.entries(resources).map(([id, [type, Properties]]) => [id, { Type: `AWS::${type}`, Properties }]),
      ),
      Custom: { Type: 'Custom::Thing', Properties: custom },
    },
    Outputs: { Thing: { Value: { Ref: 'Custom' } } },
  };
  await cloudFormation(aws, { Action: 'CreateStack', StackName: name, TemplateBody: JSON.stringify(template) });
  for (;;) {
    const stack = await cloudFormation(aws, { Action: 'DescribeStacks', StackName: name });
    if (stack.includes('>CREATE_COMPLETE<')) return;
    if (!stack.includes('>CREATE_IN_PROGRESS<')) throw new Error(stack);
    await sleep(100);
  }
}

function cloudFormation(aws: Aws, request: Record<string, string>): Promise<string> {
  return queryAws(aws, 'cloudformation', { ...request, Version: '2010-05-15' });
}

async function execute(aws: Aws, name: string, input: object) {
  const client = new SFNClient(aws.client);
  const stateMachineArn = `arn:aws:states:${aws.client.region}:000000000000:stateMachine:${name}`;
  const started = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  const { executionArn } = await client.send(started);
  for (;;) {
    const { status, output } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return { status, output: JSON.parse(output ?? 'null') };
    await sleep(100);
  }
}
