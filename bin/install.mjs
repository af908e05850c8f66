// Installs what a clone lacks, and nothing when it lacks nothing. Runs on any Node from 18 with any npm from 8, before
// the project's own Node exists: plain JavaScript, no dependencies. Nothing is installed but what package-lock.json has
// a hash of, and no script of a package runs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

if (!isInstalled()) {
  process.stderr.write('nightfeed: installing dependencies and Node (once, about half a minute)\n');
  const node = nodeOfThisPlatform();
  const own = isOld(process.versions.node) ? nodeAlone(node) : undefined;
  npm(['ci', ...quietly], root, own);
  // npm before 11 makes no link to a program of a package that only bin/node asks for.
  if (!hasNode()) npm(['rebuild', node, ...quietly], root, own);
  if (own) rmSync(own, { recursive: true, force: true });
  if (!isInstalled()) stop('npm ended without an error, but node_modules still differs from package-lock.json');
  process.stderr.write('nightfeed: installed\n');
}

/** npm writes down what it installed when it is done; optional packages of other platforms are not in it. */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!installed || !hasNode()) return false;
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional }]) =>
      path === '' || (installed[path] ? installed[path].version === version : optional === true),
  );
}

function hasNode() {
  return existsSync(`${root}node_modules/.bin/node`);
}

function packagesOf(lockFile) {
  return existsSync(root + lockFile) ? read(lockFile).packages : undefined;
}

/** npm leaves out without a word what is optional and needs a newer Node than its own: parts of the test runner do. */
function isOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 22);
}

/** Only the project's Node, in a temporary folder, for npm to run on: what the lock has of it, as a lock of its own. */
function nodeAlone(name) {
  const path = `node_modules/${name}`;
  const { dev, optional, ...locked } = packagesOf('package-lock.json')[path];
  const project = { dependencies: { [name]: locked.version } };
  const folder = mkdtempSync(join(tmpdir(), 'nightfeed-node-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project));
  const lock = { lockfileVersion: 3, packages: { '': project, [path]: locked } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  npm(['ci', ...quietly], folder);
  return folder;
}

function nodeOfThisPlatform() {
  const names = Object.keys(read('bin/node/package.json').optionalDependencies);
  const packages = packagesOf('package-lock.json');
  const name = names.find((known) => {
    const { os, cpu } = packages[`node_modules/${known}`];
    return [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
  });
  return name ?? stop(`bin/node has no Node for ${process.platform}-${process.arch}, only ${names.join(', ')}`);
}

function npm(args, folder, own) {
  const PATH = own ? join(own, 'node_modules', '.bin') + delimiter + process.env.PATH : process.env.PATH;
  const { status, error, stdout, stderr } = spawnSync('npm', args, {
    cwd: folder,
    env: { ...process.env, PATH },
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop(`npm ${args.join(' ')} failed:\n${error ? error.message : stdout + stderr}`);
}

function read(file) {
  return JSON.parse(readFileSync(root + file, 'utf8'));
}

function stop(reason) {
  process.stderr.write(`nightfeed: ${reason}\n`);
  process.exit(1);
}
