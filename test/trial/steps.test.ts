import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REMOVE } from './run-trial.ts';
import { trialSteps } from './steps.ts';

test('docs/deploy.md says which step was seen where', () => {
  const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| ([\w ]+) \| (.+) \| yes \| (.+) \|$/gm)].map(([, ...cells]) => cells);
  const all = [...trialSteps, REMOVE];
  expect(rows).toEqual(all.map(({ name, does, seenInAccount }) => [name, does, seenInAccount ?? 'not yet']));
});
