import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions, functionsEntries, taskImage } from '../lib/infra/code.ts';

/** What `prepack` puts beside the compiled JavaScript: what a CDK app of somebody's deploys. */
const { target, banner, externalModules } = bundleOptions;
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = `${root}dist/`;

for (const [name, entry] of Object.entries(functionsEntries))
  await build({
    entryPoints: [entry],
    outfile: `${dist}functions/${name}/index.mjs`,
    bundle: true,
    platform: 'node',
    format: 'esm',
    charset: 'utf8',
    target,
    banner: { js: banner },
    external: externalModules,
    logLevel: 'error',
  });
await cp(`${root}glue-jobs`, `${dist}glue-jobs`, { recursive: true });
await cp(`${root}sql`, `${dist}sql`, { recursive: true });
for (const name of Object.keys(functionsEntries))
  await cp(`${root}sql/migrations`, `${dist}functions/${name}/sql/migrations`, { recursive: true });
for (const file of ['package.json', 'package-lock.json', taskImage.dockerfile]) await cp(root + file, dist + file);
