import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

/**
 * Known advisories against what production runs: the npm packages of the lock, and pyspark. Fails when there are some that
 * nobody accepted. A registry that answers none is said so, and fails nothing: many mirrors hold packages only.
 */
const options = {
  pypi: { type: 'string', default: 'https://pypi.org' },
  requirements: { type: 'string', default: 'glue-jobs/requirements.txt' },
} as const;

/** Advisory → why it does no harm here. */
const ACCEPTED: Readonly<Record<string, string>> = {};

const GRAVE = ['high', 'critical'];
const WAIT_MS = 60_000;

interface Advisory {
  readonly package: string;
  readonly id: string;
  readonly title: string;
}

const { pypi, requirements } = parseArgs({ options }).values;
const pinned = (await readFile(requirements, 'utf8')).matchAll(/^([\w.-]+)==([\w.]+)/gm);
const checks: [string, () => Promise<Advisory[]>][] = [
  ['npm packages', npmAdvisories],
  ...Array.from(pinned, ([, name, version]): (typeof checks)[number] => [
    `Python package ${name}`,
    () => pythonAdvisories(name!, version!),
  ]),
];
for (const [what, check] of checks) {
  const found = await check().catch((error: Error) => error);
  if (found instanceof Error) {
    console.log(`${what}: NOT CHECKED, the registry answers no advisories: ${found.message}`);
    continue;
  }
  const open = found.filter(({ id }) => ACCEPTED[id] === undefined);
  for (const { package: name, id, title } of open) console.log(`${what}: ${name}: ${id}: ${title}`);
  console.log(`${what}: ${open.length} grave advisories, ${found.length - open.length} accepted`);
  if (open.length > 0) process.exitCode = 1;
}

async function npmAdvisories(): Promise<Advisory[]> {
  const args = ['audit', '--omit=dev', '--omit=peer', '--package-lock-only', '--json'];
  // It exits with 1 for a finding and for no answer alike.
  const text = await new Promise<string>((resolve) => {
    execFile('npm', args, { timeout: WAIT_MS, maxBuffer: 1 << 26 }, (_error, stdout) => resolve(stdout));
  });
  const { vulnerabilities, message, error } = JSON.parse(text || '{}');
  if (!vulnerabilities) throw new Error(message ?? error?.summary ?? 'npm audit answers nothing');
  return Object.entries<{ via: (string | { url: string; title: string; severity: string })[] }>(
    vulnerabilities,
  ).flatMap(([name, { via }]) =>
    via.flatMap((cause) =>
      // A text is the name of another package that is in the list too.
      typeof cause === 'string' || !GRAVE.includes(cause.severity)
        ? []
        : [{ package: name, id: cause.url.slice(cause.url.lastIndexOf('/') + 1), title: cause.title }],
    ),
  );
}

/** PyPI tells no severity: each counts. */
async function pythonAdvisories(name: string, version: string): Promise<Advisory[]> {
  const address = `/pypi/${name}/${version}/json`;
  const answer = await fetch(pypi + address, { signal: AbortSignal.timeout(WAIT_MS) });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  const { vulnerabilities } = (await answer.json()) as {
    vulnerabilities?: { id: string; summary: string | null; details: string; withdrawn: string | null }[];
  };
  if (!vulnerabilities) throw new Error(`${address} has no vulnerabilities`);
  return vulnerabilities
    .filter(({ withdrawn }) => !withdrawn)
    .map(({ id, summary, details }) => ({ package: name, id, title: summary ?? details.split('\n')[0]! }));
}
