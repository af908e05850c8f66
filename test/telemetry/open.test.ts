import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { isReservedName } from '../../lib/core/feed/reserved-names.ts';
import { type OpenTelemetry, openTelemetry } from '../../lib/telemetry/open.ts';
import { published, refused } from './nights.ts';

const said: string[] = [];
function open(env: Record<string, string>): OpenTelemetry | undefined {
  said.length = 0;
  const places = { sourceOf: () => 'ftp://vendor', database: 'postgres://db:5432/shop' };
  return openTelemetry({ setting: (name) => env[name] || undefined, say: (text) => said.push(text), ...places });
}

test('nobody is told unless the environment names somebody, and it can say no', () => {
  expect(open({})).toBeUndefined();
  expect(open({ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })).toBeUndefined();
  expect(open({ OPENLINEAGE_DISABLED: 'true', OPENLINEAGE_URL: 'http://127.0.0.1:1' })).toBeUndefined();
  expect(said).toEqual([]);
});

test.each([
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    'OTEL_EXPORTER_OTLP_PROTOCOL is grpc',
  ],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is no address'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is no address'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '1s' }, 'whole milliseconds'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_HEADERS: 'hush' }, 'expected name=value'],
  [{ OPENLINEAGE_URL: 'lineage' }, 'OPENLINEAGE_URL is no address'],
])('what it cannot do is told, and stops no night: %o', (env, reason) => {
  expect(open(env)).toBeUndefined();
  expect(said).toEqual([expect.stringMatching(/^no telemetry: /)]);
  expect(said[0]).toContain(reason);
  expect(said[0]).not.toContain('hush');
});

test('collector and lineage get what they asked for, with their keys', async () => {
  const { url, came } = await receiver();
  const telemetry = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/base/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%3Db, y = 2',
    OPENLINEAGE_URL: url,
    OPENLINEAGE_API_KEY: 'k',
  })!;
  telemetry.begins(published);
  telemetry.ends(published);
  await telemetry.close();
  expect(said).toEqual([]);
  expect(came.map(({ path, headers }) => [path, headers['x-key'], headers.y, headers.authorization]).sort()).toEqual([
    ['/api/v1/lineage', undefined, undefined, 'Bearer k'],
    ['/api/v1/lineage', undefined, undefined, 'Bearer k'],
    ['/base/v1/metrics', 'a=b', '2', undefined],
    ['/base/v1/traces', 'a=b', '2', undefined],
  ]);
  const types = came
    .filter(({ path }) => path === '/api/v1/lineage')
    .map(({ body }) => JSON.parse(`${body}`).eventType);
  expect(types).toEqual(['START', 'COMPLETE']);
});

test('one signal can have its own address, and the other none', async () => {
  const { url, came } = await receiver();
  const telemetry = open({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/t` })!;
  telemetry.ends(published);
  await telemetry.close();
  expect(came.map(({ path }) => path)).toEqual(['/t']);
});

test('a receiver that is down is told of once, without its address', async () => {
  const telemetry = open({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9/hush' })!;
  telemetry.ends(published);
  telemetry.ends(refused);
  await telemetry.close();
  expect(said).toEqual([
    expect.stringMatching(
      /^the collector of OpenTelemetry was not told of this night: [A-Z]\w+\. The night itself goes on$/,
    ),
  ]);
});

test('a receiver that hangs keeps nobody, and one that leads elsewhere gets nothing more', async () => {
  const hanging = createServer(() => {});
  const elsewhere = await receiver();
  const leading = createServer((_request, response) => {
    response.writeHead(307, { location: elsewhere.url }).end();
  });
  const [slow, away] = [await listening(hanging), await listening(leading)];
  const telemetry = open({ OTEL_EXPORTER_OTLP_ENDPOINT: slow, OPENLINEAGE_URL: away })!;
  const start = performance.now();
  telemetry.ends(published);
  expect(performance.now() - start).toBeLessThan(500);
  await telemetry.close();
  expect(performance.now() - start).toBeLessThan(5000);
  expect(elsewhere.came).toEqual([]);
  expect(said.sort()).toEqual([
    expect.stringMatching(/^OPENLINEAGE_URL was not told of this night: \w+\./),
    expect.stringMatching(/^the collector of OpenTelemetry was not told of this night: no answer in time\./),
  ]);
});

test('a night that cannot be told is told of, and nothing is thrown', () => {
  const telemetry = open({ OPENLINEAGE_URL: 'http://127.0.0.1:9' })!;
  expect(() => telemetry.begins({ ...published, at: new Date(Number.NaN) })).not.toThrow();
  expect(said).toEqual([expect.stringMatching(/^telemetry lacks this night: /)]);
});

test('a feed file cannot send these variables anywhere', () => {
  expect(['OTEL_EXPORTER_OTLP_HEADERS', 'OPENLINEAGE_API_KEY'].map(isReservedName)).toEqual([true, true]);
});

interface Came {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function receiver(): Promise<{ url: string; came: Came[] }> {
  const came: Came[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    came.push({ path: request.url!, headers: request.headers, body: Buffer.concat(chunks) });
    response.end('{}');
  });
  return { url: await listening(server), came };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
