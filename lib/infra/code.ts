import { fileURLToPath } from 'node:url';
import type { ContainerName } from '../core/workflow/processes.ts';

/** TypeScript in a clone, JavaScript in the installed package; the folders are the same. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** What the Glue job runs. */
export const sparkProgram = fileURLToPath(new URL('../../glue-jobs/diff.py', import.meta.url));

/** Folder with package.json, package-lock.json, bin, lambdas, lib and sql. */
export const codeRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Each exports handlers under the functions' names: one for the functions that ask the vendor, one for all others. */
export const functionsEntries = {
  vendor: `${codeRoot}lambdas/vendor.ts`,
  index: `${codeRoot}lambdas/index.ts`,
};

/** The folder of an entry's bundle. The installed package has it; in a clone it is absent, and each synthesis makes the bundle. */
export function functionsBundle(entry: keyof typeof functionsEntries): string | undefined {
  return extension === 'js' ? `${codeRoot}functions/${entry}` : undefined;
}

/** Options of esbuild, beside those that Node on Lambda always needs. */
export const bundleOptions = {
  target: 'node24',
  // The bundle has our own AWS SDK, because that of the runtime changes without us. Native parts of ssh2 stay out: ssh2 works without them.
  externalModules: ['cpu-features', '*.node'],
  // Some packages are CommonJS and call `require`, which does not exist in modules.
  // CommonJS inside: `require` and, in ssh2's cipher, `__dirname`.
  banner:
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;",
};

export const taskImage = {
  /** Paths from the code's root; everything else stays out of the image. */
  files: [
    'package.json',
    'package-lock.json',
    `bin/task.${extension}`,
    `bin/container.${extension}`,
    `bin/fail-point.${extension}`,
    `bin/last-resort.${extension}`,
    `lambdas/compose.${extension}`,
    `lambdas/line-log.${extension}`,
    `lambdas/vendor-source.${extension}`,
    'lib/aws',
    'lib/cloud',
    'lib/core',
    'lib/engines',
    'lib/formats',
    'lib/host',
    'lib/notifiers',
    'lib/ports',
    'lib/sources',
    'lib/steps',
    'lib/stores',
    'lib/target',
    'lib/workflows',
  ],
  dockerfile: 'bin/task.Dockerfile',
  command: (name: ContainerName) => ['node', `bin/task.${extension}`, name === 'diff-glue' ? 'diff' : name],
};
