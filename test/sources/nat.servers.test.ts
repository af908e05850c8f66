import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { outcomeOf, startNat, VENDOR, whyNoNat } from '../support/vendors/idle-lines/nat.ts';

/** A NAT gateway of AWS takes 350 s, and our probes come every 60. */
const FORGETS_SECONDS = 2;
const PROBE_MILLISECONDS = 1000;
/** Of a file that comes in six seconds. */
const BYTES = 300;

const title = whyNoNat ? ` (skipped: ${whyNoNat})` : '';

test.skipIf(whyNoNat)(
  `a NAT that forgets silent connections loses the end of a long transfer, and probes keep it${title}`,
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'nat-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    writeFileSync(join(root, 'a.bin'), 'x'.repeat(BYTES));
    const nat = startNat(FORGETS_SECONDS);
    onTestFinished(() => nat.close());
    const vendor = nat.run('vendor', 'slow-vendor.ts', root, VENDOR, String(BYTES));
    onTestFinished(() => void vendor.kill());
    const port = String((await once(vendor.stdout!, 'data'))[0]).trim();
    const read = (probeMilliseconds: number) =>
      outcomeOf(nat.run('ours', 'read-file.ts', VENDOR, port, String(probeMilliseconds)));

    const [probed, silent] = await Promise.all([read(PROBE_MILLISECONDS), read(3_600_000)]);

    expect(probed.trim()).toBe(String(BYTES));
    expect(silent.trim()).toBe('SOURCE_UNCONFIRMED');
  },
);
