import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerOf, Desk, itemsCsv, nightfeed } from '../../support/nights/command-line.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await desk.deliver('2026-11-20', itemsCsv(10));
});
afterEach(() => desk.close());

const night = (env: Record<string, string>) =>
  nightfeed(['run', desk.feed, '--date', '2026-11-20', '--json'], { ...desk.env, ...env });

test('a night tells the collector and the lineage that the environment names', async () => {
  const came: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      came.push(request.url!);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const ended = await night({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OPENLINEAGE_URL: url });
    expect(ended.code).toBe(0);
    expect(came.sort()).toEqual(['/api/v1/lineage', '/api/v1/lineage', '/v1/metrics', '/v1/traces']);
  } finally {
    server.close();
  }
});

test('a collector that is down, or that hangs, changes nothing of a night', async () => {
  const hanging = createServer(() => {});
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
  try {
    const ended = await night({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OPENLINEAGE_URL: 'http://127.0.0.1:9' });
    expect(ended.code).toBe(0);
    expect(answerOf(ended)).toMatchObject({ state: 'published', error: null });
    expect(ended.stderr).toContain('OPENLINEAGE_URL was not told of this night');
    expect(await desk.query('SELECT state FROM nightfeed.load_log')).toEqual([{ state: 'published' }]);
  } finally {
    hanging.closeAllConnections();
    hanging.close();
  }
});
