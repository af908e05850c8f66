import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { hostMeter } from '../../lib/host/meter.ts';
import { sumOf } from '../../lib/host/network.ts';

const onLinux = test.runIf(process.platform === 'linux');
/** Computes for so many milliseconds of its own, and says so. */
const busy = (milliseconds: number) =>
  `const start = process.cpuUsage(); let used = 0;
   while (used < ${milliseconds * 1000}) { const { user, system } = process.cpuUsage(start); used = user + system; } console.log('done');`;

test('what this process computes is measured, and nothing fails', async () => {
  const end = hostMeter(tmpdir()).begin();
  const start = process.cpuUsage();
  for (let used = 0; used < 100_000; used = process.cpuUsage(start).user + process.cpuUsage(start).system);
  const use = await end();
  expect(use.cpuSeconds).toBeGreaterThan(0.09);
  expect(use.peakMemoryBytes).toBeGreaterThan(10e6);
  expect(use.freeDiskBytes).toBeGreaterThan(0);
});

onLinux('processes that it starts count, those that have ended and those that live', async () => {
  const end = hostMeter(tmpdir()).begin();
  execFileSync(process.execPath, ['-e', busy(200)]);
  const child = spawn(process.execPath, ['-e', `${busy(200)}; setInterval(() => {}, 1000)`]);
  await once(child.stdout, 'data');
  const use = await end();
  child.kill();
  expect(use.cpuSeconds).toBeGreaterThan(0.35);
  expect(use.peakMemoryBytes).toBeGreaterThan(process.memoryUsage().rss);
});

onLinux('a peak of an earlier step is none of this one', async () => {
  const meter = hostMeter(tmpdir());
  const first = meter.begin();
  const large = new ArrayBuffer(400e6);
  new Uint8Array(large).fill(1);
  const before = await first();
  large.transfer(0);
  const after = await meter.begin()();
  expect(after.peakMemoryBytes).toBeLessThan(before.peakMemoryBytes - 300e6);
});

test('a folder that is gone has no disk', async () => {
  expect((await hostMeter('/nowhere/at/all').begin()()).freeDiskBytes).toBeNull();
});

test('bytes of all interfaces are added up, but for those to itself', () => {
  const table = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1000 1 0 0 0 0 0 0 1000 1 0 0 0 0 0 0
  eth0:  20 1 0 0 0 0 0 0    3 1 0 0 0 0 0 0
  eth1:7 1 0 0 0 0 0 0 4 1 0 0 0 0 0 0
`;
  expect(sumOf(table)).toEqual({ received: 27, sent: 7 });
});
