// Installs what a clone lacks, and nothing when it lacks nothing. Runs on any Node from 18 with any npm from 8, before
// the project's own Node exists: plain JavaScript, no dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];

if (!isInstalled()) {
  process.stderr.write('nightfeed: installing dependencies and Node (once, about half a minute)\n');
  const own = isOld(process.versions.node) ? fetchNode() : undefined;
  npm(['ci', '--ignore-scripts', ...quietly], own);
  // The package `node` fetches its binary in a script of its own; no other package needs one.
  npm(['rebuild', 'node', '--ignore-scripts=false', ...quietly]);
  if (own) rmSync(own, { recursive: true, force: true });
  if (!isInstalled()) stop('npm ended without an error, but node_modules still differs from package-lock.json');
  process.stderr.write('nightfeed: installed\n');
}

/** npm writes down what it installed when it is done; optional packages of other platforms are not in it. */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!installed || !existsSync(`${root}node_modules/node/bin/node`)) return false;
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional }]) =>
      path === '' || (installed[path] ? installed[path].version === version : optional === true),
  );
}

function packagesOf(lockFile) {
  return existsSync(root + lockFile) ? JSON.parse(readFileSync(root + lockFile, 'utf8')).packages : undefined;
}

/** npm leaves out without a word what is optional and needs a newer Node than its own: parts of the test runner do. */
function isOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 18);
}

/** The project's Node in a temporary folder, for npm to run on. */
function fetchNode() {
  const folder = mkdtempSync(join(tmpdir(), 'nightfeed-node-'));
  const { version } = packagesOf('package-lock.json')['node_modules/node'];
  npm(['install', `node@${version}`, '--prefix', folder, '--no-save', '--ignore-scripts=false', ...quietly]);
  return folder;
}

function npm(args, own) {
  const PATH = own ? join(own, 'node_modules', 'node', 'bin') + delimiter + process.env.PATH : process.env.PATH;
  const { status, error, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    env: { ...process.env, PATH },
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop(`npm ${args.join(' ')} failed:\n${error ? error.message : stdout + stderr}`);
}

function stop(reason) {
  process.stderr.write(`nightfeed: ${reason}\n`);
  process.exit(1);
}
