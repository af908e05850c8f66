import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { nightfeed } from '../../support/nights/command-line.ts';

test('a word is explained without a feed, a database or a home, to people and to scripts', async () => {
  const told = await nightfeed(['explain', 'drift'], {}, tmpdir());
  expect([told.code, told.stderr]).toEqual([0, '']);
  expect(told.stdout).toContain('DRIFT  error\n  meaning           Rows in production are not what was published');
  const answered = await nightfeed(['explain', 'held', '--json'], {}, tmpdir());
  expect(JSON.parse(answered.stdout)).toMatchObject({
    meanings: [{ kind: 'state', name: 'held', tells: { 'exit code': '3' } }],
  });
});

test('a word that nothing has is wrong use, and the nearest is named', async () => {
  const told = await nightfeed(['explain', 'PROOF_FALED'], {}, tmpdir());
  expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean PROOF_FAILED?') });
});
