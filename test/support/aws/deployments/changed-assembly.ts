import { createHash } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LEDGER_VERSION } from '../../../../lib/target/postgres/ledger/ledger-version.ts';

export interface Change {
  /** The functions are those of a version of nightfeed that knows one migration more. */
  readonly isNext?: boolean;
  /** Stacks that get a last resource that cannot be made. */
  readonly failing?: readonly string[];
}

/** Changes what `cdk synth` wrote, as another version or another mistake would. */
export async function changedAssembly(output: string, { isNext = false, failing = [] }: Change): Promise<void> {
  if (isNext) for (const asset of await readdir(output)) await ofNextVersion(output, asset);
  for (const stack of failing) await addFailing(join(output, `${stack}.template.json`));
  await nameTemplatesByContent(output);
}

async function ofNextVersion(output: string, asset: string): Promise<void> {
  const [, hash] = /^asset\.([0-9a-f]{64})$/.exec(asset) ?? [];
  const bundle = join(output, asset, 'index.mjs');
  const code = hash === undefined ? undefined : await readFile(bundle, 'utf8').catch(() => undefined);
  if (hash === undefined || code === undefined) return;
  const next = LEDGER_VERSION + 1;
  const known = new RegExp(`(var LEDGER_VERSION = )${LEDGER_VERSION};`);
  if (!known.test(code)) throw new Error('the bundle does not say which ledger it knows');
  const changed = hashOf(`${hash} next`);
  const into = join(output, `asset.${changed}`);
  await cp(join(output, asset), into, { recursive: true });
  await writeFile(join(into, 'index.mjs'), code.replace(known, `$1${next};`));
  const migration = join(into, 'sql', 'migrations', `${String(next).padStart(4, '0')}_next.sql`);
  await writeFile(migration, 'CREATE TABLE nightfeed.of_next_version (id integer);\n');
  await replaceInJson(output, hash, changed);
}

/** A custom resource that the function refuses, after all other resources. */
async function addFailing(path: string): Promise<void> {
  const template = JSON.parse(await readFile(path, 'utf8'));
  const entries = Object.entries<{ Type: string; Properties: { ServiceToken: unknown } }>(template.Resources);
  const [, feed] = entries.find(([, { Type }]) => Type === 'Custom::NightfeedFeed')!;
  template.Resources.Failing = {
    Type: 'Custom::Failing',
    Properties: { ServiceToken: feed.Properties.ServiceToken },
    DependsOn: entries.map(([id]) => id),
  };
  await writeFile(path, JSON.stringify(template));
}

/** The CDK uploads a template under the hash of what it synthesised, and not again under a hash that is there. */
async function nameTemplatesByContent(output: string): Promise<void> {
  for (const file of await readdir(output)) {
    if (!file.endsWith('.assets.json')) continue;
    const { files } = JSON.parse(await readFile(join(output, file), 'utf8'));
    for (const [hash, { source }] of Object.entries<{ source: { path: string } }>(files))
      if (source.path.endsWith('.template.json'))
        await replaceInJson(output, hash, hashOf(await readFile(join(output, source.path), 'utf8')));
  }
}

async function replaceInJson(output: string, before: string, after: string): Promise<void> {
  for (const file of await readdir(output)) {
    if (!file.endsWith('.json')) continue;
    const text = await readFile(join(output, file), 'utf8');
    if (text.includes(before)) await writeFile(join(output, file), text.replaceAll(before, after));
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
