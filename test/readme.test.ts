import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root })];
const MAX_README_LINES = 200;

const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const prose = (path: string) => textOf(path).replace(/^```.*?^```/gms, '');

test('README.md is short enough to be read', () => {
  expect(textOf('README.md').split('\n').length).toBeLessThan(MAX_README_LINES);
});

test('README.md leads to every page', () => {
  const linked = linksOf('README.md').map(({ target }) => target);
  expect(linked).toEqual(expect.arrayContaining(pages.filter((page) => page !== 'README.md')));
});

test.each(pages)('each link of %s leads to a file, and to a heading of it', (page) => {
  const broken = linksOf(page).filter(
    ({ target, anchor }) =>
      !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

test('what a message or a comment calls docs/….md is there', () => {
  const sources = globSync(['{bin,lib,lambdas,examples,sql}/**/*.{ts,mjs,yaml,sql}', '*.yaml'], { cwd: root });
  const named = sources.flatMap((path) => [...textOf(path).matchAll(/docs\/[\w-]+\.md/g)].map(([name]) => name));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
});

function linksOf(page: string): { readonly target: string; readonly anchor: string | undefined }[] {
  return [...prose(page).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, path, anchor]) => ({
    target: path === '' ? page : relative(root, join(root, dirname(page), path!)),
    anchor,
  }));
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
