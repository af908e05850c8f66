import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeAws } from '../aws.ts';
import { askAws } from '../aws-request.ts';
import { standIn } from '../localstack.ts';
import { StackByHand } from './stack-by-hand.ts';

await describeAws('revisions of task definitions', ['localstack'], (aws) => {
  test.skipIf(aws.folder === undefined)(
    'are deregistered when they are replaced, unless the template keeps them, and can then not be run (skipped without an emulator)',
    async () => {
      const name = `t${randomUUID().slice(0, 8)}`;
      const [kept, plain] = [`${name}-kept`, `${name}-plain`];
      const command = [process.execPath, '-e', 'setTimeout(() => {}, 60_000)'];
      for (const family of [kept, plain])
        await standIn({ folder: aws.folder! }, `task/${family}`, { command, cwd: aws.folder! });
      const ecs = <T>(operation: string, request: object) =>
        askAws<T>(aws, 'ecs', `AmazonEC2ContainerServiceV20141113.${operation}`, request);
      const runTask = async (taskDefinition: string) => {
        const { tasks } = await ecs<{ tasks: { taskArn: string }[] }>('RunTask', { taskDefinition });
        return tasks[0]!.taskArn;
      };
      const statusOf = async (taskDefinition: string) => {
        const answer = await ecs<Described>('DescribeTaskDefinition', { taskDefinition });
        return answer.taskDefinition.status;
      };
      const definition = (Family: string, value: string, attributes: object = {}) => ({
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          Family,
          ContainerDefinitions: [{ Name: 'main', Image: 'any', Environment: [{ Name: 'FEED', Value: value }] }],
        },
        ...attributes,
      });
      const resources = (value: string) => ({
        Kept: definition(kept, value, { UpdateReplacePolicy: 'Retain' }),
        Plain: definition(plain, value),
      });
      const stack = new StackByHand(aws, name);
      expect(await stack.deploy(resources('one'))).toBe('CREATE_COMPLETE');
      const task = await runTask(`${plain}:1`);

      expect(await stack.deploy(resources('two'))).toBe('UPDATE_COMPLETE');

      const revisions = [`${kept}:1`, `${kept}:2`, `${plain}:1`, `${plain}:2`];
      expect(await Promise.all(revisions.map(statusOf))).toEqual(['ACTIVE', 'ACTIVE', 'INACTIVE', 'ACTIVE']);
      await expect(runTask(`${plain}:1`)).rejects.toThrow('TaskDefinition is inactive');
      const goingOn = await ecs<{ tasks: object[] }>('DescribeTasks', { tasks: [task] });
      expect(goingOn.tasks).toMatchObject([{ lastStatus: 'RUNNING' }]);
      const others = [task, await runTask(`${kept}:1`), await runTask(plain)];
      const run = await ecs<{ tasks: { taskDefinitionArn: string }[] }>('DescribeTasks', { tasks: others });
      expect(run.tasks.map(({ taskDefinitionArn }) => taskDefinitionArn.split('/')[1])).toEqual([
        `${plain}:1`,
        `${kept}:1`,
        `${plain}:2`,
      ]);
      for (const each of others) await ecs('StopTask', { task: each });

      expect(await stack.delete()).toBe('DELETE_COMPLETE');
      expect(await Promise.all(revisions.map(statusOf))).toEqual(['ACTIVE', 'INACTIVE', 'INACTIVE', 'INACTIVE']);
      // Numbers are not used again.
      expect(await new StackByHand(aws, `${name}-again`).deploy(resources('three'))).toBe('CREATE_COMPLETE');
      expect(await statusOf(`${plain}:3`)).toBe('ACTIVE');
    },
  );
});

interface Described {
  readonly taskDefinition: { readonly status: string };
}
