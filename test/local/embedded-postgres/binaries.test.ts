import { tmpdir } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { embeddedBinaries } from '../../../lib/local/embedded-postgres/binaries.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a platform without a package is DATABASE_UNAVAILABLE, and the hint names the way around it', async () => {
  vi.stubGlobal('process', Object.create(process, { arch: { value: 'abacus' } }));
  await expect(embeddedBinaries(undefined, tmpdir())).rejects.toMatchObject({
    name: 'DATABASE_UNAVAILABLE',
    message: expect.stringContaining(`@embedded-postgres/${process.platform}-abacus is not installed`),
    hint: expect.stringContaining('NIGHTFEED_DATABASE_URL'),
  });
});
