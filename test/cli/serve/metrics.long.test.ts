import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { Desk, itemsCsv, start } from '../../support/nights/command-line.ts';

test('serve tells Prometheus of the night that it ran', async () => {
  const desk = await Desk.open();
  const today = new Date().toISOString().slice(0, 10);
  await desk.describe('schedule: {at: "00:00", timezone: UTC}\n');
  await desk.deliver(today, itemsCsv(5));
  const serving = start(['serve', desk.feed, '--listen', '0', '--json'], desk.env);
  onTestFinished(async () => {
    serving.process.kill('SIGTERM');
    await serving.ended;
    await desk.close();
  });
  let address = '';
  for await (const line of createInterface({ input: serving.process.stdout! })) {
    address ||= /http:[^"]+(?=\/healthz)/.exec(line)?.[0] ?? '';
    if (JSON.parse(line).event === 'ended') break;
  }
  const answer = await fetch(`${address}/metrics`);
  const text = await answer.text();
  expect(text).toContain('nightfeed_ledger_up{feed="shop"} 1\n');
  expect(text).toContain('nightfeed_last_run_state{feed="shop",state="published"} 1\n');
  expect(text).toContain('nightfeed_last_run_changed_rows{feed="shop",table="items",change="inserted"} 5\n');
  expect(text).toMatch(/^nightfeed_step_duration_seconds\{feed="shop",step="publish"\} /m);
});
