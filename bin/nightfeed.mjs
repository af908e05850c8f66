#!/usr/bin/env node
// What `npx nightfeed` starts, in a clone and in the npm package. Plain JavaScript that any Node can read: an old one cannot even
// load the rest, and has to be told so plainly.
import { existsSync } from 'node:fs';

/** The oldest Node that runs this: `engines` in package.json. */
const NEEDED = [22, 22];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) refuse();
else await start();

async function start() {
  const isClone = existsSync(new URL('nightfeed.ts', import.meta.url));
  if (isClone) await import('./install.mjs');
  await import(isClone ? './nightfeed.ts' : '../dist/bin/nightfeed.js');
}

/** As the command line answers any failure. A test holds the words to the table of errors, which an old Node cannot read. */
function refuse() {
  const message = `this is Node ${process.versions.node}; nightfeed needs ${NEEDED.join('.')} or newer`;
  const hint = 'Install Node 24, or 22.22 and newer. In a clone, `npm run nightfeed` brings its own Node.';
  const error = { name: 'NODE_VERSION', message, hint };
  const nothing = { run: null, state: null, date: null, attempt: null, tables: {}, holds: [], warnings: [] };
  if (process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ ...nothing, error, seconds: 0, steps: {} })}\n`);
  process.stderr.write(`${error.name}  ${message}\n  ${hint}\n`);
  process.exitCode = 2;
}
