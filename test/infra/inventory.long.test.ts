import { expect, test } from 'vitest';
import { appOf, slack, type Template, templatesOf } from './synthesised.ts';

const templates = templatesOf(appOf({ config: { slack } }));

test.each(Object.keys(templates))('inventory of %s', (stack) => {
  expect(inventoryOf(templates[stack]!)).toMatchSnapshot();
});

/** How many of each type, and what they are called, without CDK's hashes. */
function inventoryOf({ Resources }: Template): string {
  const names = new Map<string, string[]>();
  for (const [id, { Type }] of Object.entries(Resources)) {
    const type = Type.replace(/^AWS::/, '');
    names.set(type, [...(names.get(type) ?? []), id.replace(/[0-9A-F]{8}$/, '')]);
  }
  const lines = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  return lines.map(([type, ids]) => `${String(ids.length).padStart(3)} ${type}: ${ids.sort().join(' ')}`).join('\n');
}
