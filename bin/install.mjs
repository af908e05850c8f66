// Installs what a clone lacks, and nothing when it lacks nothing. Runs on any Node from 18 with any npm from 8, before
// the project's own Node exists: plain JavaScript, no dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const isWindows = process.platform === 'win32';

if (!isInstalled()) {
  process.stderr.write('nightfeed: installing dependencies and Node (once, about half a minute)\n');
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
  // The package `node` fetches its binary in a script of its own; no other package needs one.
  npm('rebuild', 'node', '--ignore-scripts=false', '--loglevel=error');
  if (!isInstalled()) stop('npm ended without an error, but node_modules still differs from package-lock.json');
  process.stderr.write('nightfeed: installed\n');
}

/** npm writes down what it installed when it is done; optional packages of other platforms are not in it. */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!installed || !existsSync(`${root}node_modules/node/bin/node`)) return false;
  return Object.entries(packagesOf('package-lock.json')).every(([path, { version, optional }]) =>
    path === '' || (installed[path] ? installed[path].version === version : optional === true),
  );
}

function packagesOf(lockFile) {
  return existsSync(root + lockFile) ? JSON.parse(readFileSync(root + lockFile, 'utf8')).packages : undefined;
}

function npm(...args) {
  const { status, error, stdout, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8', shell: isWindows });
  if (status !== 0) stop(`npm ${args.join(' ')} failed:\n${error ? error.message : stdout + stderr}`);
}

function stop(reason) {
  process.stderr.write(`nightfeed: ${reason}\n`);
  process.exit(1);
}
