import { createHash, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

/**
 * Whether both images are pinned to today's base, and that of the tasks to today's certificate authorities of RDS. Prints the two lines for
 * nightfeed.config.yaml, and exits with 1 when one is newer; with --write it puts them into the Dockerfiles, and exits with 0. An authority is
 * taken only when it is one of Amazon RDS that signed itself. It exits with 2 when the registry or Amazon does not answer as expected.
 */
const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    dockerfile: { type: 'string', multiple: true, default: ['bin/task.Dockerfile', 'Dockerfile'] },
    registry: { type: 'string', default: 'https://registry-1.docker.io' },
    bundle: { type: 'string', default: 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem' },
  },
});
const BASE = 'library/node';
const TAG = '24-bookworm-slim';
const WAIT_MS = 60_000;

await renew().catch((error: Error) => {
  console.error(
    `NOT CHECKED: ${error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message}`,
  );
  process.exitCode = 2;
});

async function renew(): Promise<void> {
  const [digest, authorities] = await Promise.all([digestOfBase(), authoritiesOfRds()]);
  const pins = [
    { argument: 'BASE_DIGEST', option: 'base_image_digest', today: digest },
    { argument: 'RDS_BUNDLE_SHA256', option: 'rds_bundle_sha256', today: authorities },
  ];
  const files = await Promise.all(
    values.dockerfile.map(async (path) => ({ path, text: await readFile(path, 'utf8') })),
  );
  const [first] = files;
  for (const { argument, option, today } of pins) {
    const pinned = pinIn(first!.text, argument);
    if (pinned === undefined) throw new Error(`${first!.path} has no ARG ${argument}`);
    console.log(`${option}: ${today}   # ${pinned === today ? 'as pinned' : `newer than ${pinned}`}`);
  }
  const renewed = files.map(({ path, text }) => ({ path, text, today: withPins(text, pins) }));
  const older = renewed.filter(({ text, today }) => text !== today);
  if (older.length === 0) console.log('Both are as pinned.');
  else if (values.write) for (const { path, today } of older) await writeFile(path, today);
  else process.exitCode = 1;
}

function pinIn(dockerfile: string, argument: string): string | undefined {
  return new RegExp(`^ARG ${argument}=(\\S+)$`, 'm').exec(dockerfile)?.[1];
}

function withPins(dockerfile: string, pins: readonly { readonly argument: string; readonly today: string }[]): string {
  return pins.reduce(
    (text, { argument, today }) => text.replace(new RegExp(`^ARG ${argument}=\\S+$`, 'm'), `ARG ${argument}=${today}`),
    dockerfile,
  );
}

/** The registry says by itself where a token is to be had, for which nobody has to log in. */
async function digestOfBase(): Promise<string> {
  const address = `${values.registry}/v2/${BASE}/manifests/${TAG}`;
  const accept = 'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json';
  const ask = (headers: Record<string, string>) =>
    fetch(address, { method: 'HEAD', headers: { accept, ...headers }, signal: AbortSignal.timeout(WAIT_MS) });
  let answer = await ask({});
  if (answer.status === 401) answer = await ask({ authorization: `Bearer ${await token(answer)}` });
  const digest = answer.headers.get('docker-content-digest') ?? '';
  if (!answer.ok || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(`${address} answers ${answer.status} and the digest ${JSON.stringify(digest)}; expected sha256:…`);
  return digest;
}

async function token(refused: Response): Promise<string> {
  const asked = refused.headers.get('www-authenticate') ?? '';
  const { realm, service, scope } = Object.fromEntries(
    [...asked.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]),
  );
  if (realm === undefined) throw new Error(`${values.registry} does not say where a token is to be had: ${asked}`);
  const query = new URLSearchParams({ service: service ?? '', scope: scope ?? '' });
  const answer = await fetch(`${realm}?${query}`, { signal: AbortSignal.timeout(WAIT_MS) });
  return ((await answer.json()) as { token: string }).token;
}

async function authoritiesOfRds(): Promise<string> {
  const answer = await fetch(values.bundle, { signal: AbortSignal.timeout(WAIT_MS) });
  if (!answer.ok) throw new Error(`${values.bundle} answers ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const texts = bytes.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const wrong = texts.flatMap((text) => faultOf(new X509Certificate(text)) ?? []);
  if (texts.length === 0 || wrong.length > 0)
    throw new Error(`${values.bundle}: expected authorities of Amazon RDS, received ${wrong.join('; ') || 'none'}`);
  console.log(`${texts.length} authorities of Amazon RDS`);
  return createHash('sha256').update(bytes).digest('hex');
}

function faultOf(certificate: X509Certificate): string | null {
  const { subject, ca, publicKey } = certificate;
  const name = subject.replaceAll('\n', ', ');
  if (!/^O=Amazon Web Services\\?, Inc\.$/m.test(subject) || !/^OU=Amazon RDS$/m.test(subject)) return name;
  return ca && certificate.checkIssued(certificate) && certificate.verify(publicKey)
    ? null
    : `${name}, which did not sign itself`;
}
