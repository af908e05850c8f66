import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { constructPage } from '../../docs/construct.ts';

const written = readFileSync(new URL('../../docs/construct.md', import.meta.url), 'utf8');

test('docs/construct.md is what the source says; `npm run docs` writes it', () => {
  expect(written).toBe(constructPage());
});

test('every export is on the page, and every member says what it is', () => {
  const index = readFileSync(new URL('../../lib/infra/index.ts', import.meta.url), 'utf8');
  const exported = [...index.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, names]) =>
    names!.split(',').map((name) => name.replace('type ', '').trim()),
  );
  expect(exported).toContain('NightfeedPipeline');
  for (const name of exported.filter((each) => each !== ''))
    expect(written.replace('NightfeedPipelineProps', ''), name).toContain(
      name.replace(/^NightfeedPipelineProps$/, '## Props'),
    );
  const rows = written.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(50);
  for (const row of rows) expect(row).toMatch(/^\| `[^`]+` \| `[^`]+` \| [A-Z`][^|]+\.( \| [^|]+)? \|$/);
});
