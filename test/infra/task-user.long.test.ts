import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { appOf, resourcesOf, templatesOf } from './synthesised.ts';

test('what reads the vendor’s bytes in AWS is not root, and can write to its scratch folder only', () => {
  const dockerfile = readFileSync(new URL('../../bin/task.Dockerfile', import.meta.url), 'utf8');
  const lastStage = dockerfile.split(/^FROM /m).at(-1)!;
  expect(lastStage.match(/^USER .*$/gm)).toEqual(['USER node']);
  const definitions = Object.values(templatesOf(appOf())).flatMap((template) =>
    resourcesOf(template, 'AWS::ECS::TaskDefinition'),
  );
  const containers = definitions.flatMap(({ Properties }) => Properties.ContainerDefinitions);
  expect(containers.length).toBeGreaterThan(5);
  for (const { User, Privileged, ReadonlyRootFilesystem, MountPoints } of containers) {
    expect([User, Privileged, ReadonlyRootFilesystem]).toEqual([undefined, undefined, true]);
    expect(MountPoints).toEqual([{ ContainerPath: '/scratch', ReadOnly: false, SourceVolume: 'scratch' }]);
  }
});
