import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeAws } from '../aws.ts';
import { type Resources, StackByHand } from './stack-by-hand.ts';

/** Notes the request with the version of its code, and answers with the id that it is told, or with a failure. */
const codeOf = (version: string) => `
const { appendFileSync } = require('node:fs');
exports.handler = async ({ RequestType, PhysicalResourceId, ResponseURL, ResourceProperties, OldResourceProperties }) => {
  const { Id, Notes, Fails = '' } = ResourceProperties;
  const note = [RequestType, PhysicalResourceId, Id, OldResourceProperties?.Id, '${version}'];
  appendFileSync(Notes, JSON.stringify(note.map((each) => each ?? '')) + '\\n');
  const fails = Fails === RequestType + ' ${version}';
  const answer = fails ? { Status: 'FAILED', Reason: 'told to' } : { Status: 'SUCCESS' };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify({ PhysicalResourceId: Id, ...answer }) });
};`;

interface Thing {
  readonly id: string;
  /** The request and the version of the code that fail, such as `Update v1`. */
  readonly fails?: string;
}

await describeAws("CloudFormation's custom resources", ['localstack'], (aws) => {
  describe.skipIf(aws.folder === undefined)('(skipped without an emulator)', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nightfeed-custom-resources-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    /** A stack with a function and custom resources that it works on, one after the other. */
    const laboratory = () => {
      const name = `t${randomUUID().slice(0, 8)}`;
      const notes = join(folder, name);
      const stack = new StackByHand(aws, name);
      const resources = (version: string, things: Readonly<Record<string, Thing>>): Resources => {
        const custom = Object.entries(things).map(([id, { id: Id, fails = '' }], index, all) => [
          id,
          {
            Type: 'Custom::Thing',
            Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, Id, Notes: notes, Fails: fails },
            DependsOn: ['Function', ...(index > 0 ? [all[index - 1]![0]] : [])],
          },
        ]);
        return {
          Function: {
            Type: 'AWS::Lambda::Function',
            Properties: {
              FunctionName: name,
              Runtime: 'nodejs22.x',
              Handler: 'index.handler',
              Role: 'arn:aws:iam::000000000000:role/any',
              Code: { ZipFile: codeOf(version) },
            },
          },
          ...Object.fromEntries(custom),
        };
      };
      let seen = 0;
      return {
        deploy: (version: string, things: Readonly<Record<string, Thing>>) => stack.deploy(resources(version, things)),
        delete: () => stack.delete(),
        /** Requests since the last call: type, id, and what the code saw of its properties and of those before. */
        async requests(): Promise<string[]> {
          const lines = (await readFile(notes, 'utf8')).trim().split('\n').slice(seen);
          seen += lines.length;
          return lines.map((line) => JSON.parse(line).join(' ').replaceAll(/ +/g, ' '));
        },
      };
    };

    test('are updated with the properties of before, and deleted when they go or get another id', async () => {
      const lab = laboratory();
      expect(await lab.deploy('v1', { A: { id: 'a' }, B: { id: 'b' } })).toBe('CREATE_COMPLETE');
      expect(await lab.requests()).toEqual(['Create a v1', 'Create b v1']);

      // With the same properties nothing is asked, whatever the code is.
      expect(await lab.deploy('v2', { A: { id: 'a' }, B: { id: 'b2' } })).toBe('UPDATE_COMPLETE');
      expect(await lab.requests()).toEqual(['Update b b2 b v2', 'Delete b b v2']);

      expect(await lab.deploy('v2', { A: { id: 'a', fails: 'never' } })).toBe('UPDATE_COMPLETE');
      expect(await lab.requests()).toEqual(['Update a a a v2', 'Delete b2 b2 v2']);

      expect(await lab.delete()).toBe('DELETE_COMPLETE');
      expect(await lab.requests()).toEqual(['Delete a a v2']);
    });

    test('are updated back by the code of before when a later resource fails', async () => {
      const lab = laboratory();
      await lab.deploy('v1', { A: { id: 'a' }, B: { id: 'b' } });
      await lab.requests();

      const failing = { A: { id: 'a', fails: 'never' }, B: { id: 'b2', fails: 'Update v2' } };
      expect(await lab.deploy('v2', failing)).toBe('UPDATE_ROLLBACK_COMPLETE');

      expect(await lab.requests()).toEqual([
        'Update a a a v2',
        'Update b b2 b v2',
        'Update a a a v1',
        'Update b b b v1',
      ]);
      // The stack is what it was: the same template again changes nothing, and a good one is deployed.
      expect(await lab.deploy('v3', { A: { id: 'a' }, B: { id: 'b' }, C: { id: 'c' } })).toBe('UPDATE_COMPLETE');
      expect(await lab.requests()).toEqual(['Create c v3']);
    });

    test('that fail on the way back leave the stack stuck', async () => {
      const lab = laboratory();
      await lab.deploy('v1', { A: { id: 'a', fails: 'Update v1' } });
      await lab.requests();

      const failing = { A: { id: 'a' }, B: { id: 'b', fails: 'Create v2' } };
      expect(await lab.deploy('v2', failing)).toBe('UPDATE_ROLLBACK_FAILED');
      expect(await lab.requests()).toEqual(['Update a a a v2', 'Create b v2', 'Update a a a v1']);
    });

    test('that were made are deleted when a later one fails', async () => {
      const lab = laboratory();
      expect(await lab.deploy('v1', { A: { id: 'a' }, B: { id: 'b', fails: 'Create v1' } })).toBe('ROLLBACK_COMPLETE');
      expect(await lab.requests()).toEqual(['Create a v1', 'Create b v1', 'Delete a a v1']);
    });
  });
});
