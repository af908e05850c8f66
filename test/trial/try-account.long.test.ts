import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const script = fileURLToPath(new URL('./try-account.ts', import.meta.url));
const ACCOUNT = '111122223333';

/** STS, signed in to one account. Whatever else is asked is noted. */
const asked: string[] = [];
const sts = createServer((request, response) => {
  asked.push(request.url!);
  response.end(`<Arn>arn:aws:iam::${ACCOUNT}:user/ada</Arn>`);
});
beforeAll(async () => {
  sts.listen(0, '127.0.0.1');
  await once(sts, 'listening');
});
afterAll(() => void sts.close());

async function tries(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const endpoint = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const env = {
    PATH: process.env.PATH!,
    HOME: '/nonexistent',
    ...credentials,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
  };
  const node = ['--disable-warning=ExperimentalWarning', script, ...args];
  return promisify(execFile)(process.execPath, node, { env: { ...env, CDK_DOCKER: '/nonexistent/docker' } }).then(
    (said) => ({ code: 0, ...said }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

test.each<[string, string[], number, RegExp]>([
  ['without an account', ['--region', 'eu-west-1'], 1, /required option '--account/],
  [
    'in another account',
    ['--account', '999988887777', '--region', 'eu-west-1', '--yes', '999988887777'],
    2,
    /signed in to the account 111122223333, and asked for 999988887777/,
  ],
  ['without a confirmation', ['--account', ACCOUNT, '--region', 'eu-west-1'], 2, /not confirmed/],
  [
    'with the confirmation of another account',
    ['--account', ACCOUNT, '--region', 'eu-west-1', '--yes', '999988887777'],
    2,
    /not confirmed/,
  ],
  ['without Docker', ['--account', ACCOUNT, '--region', 'eu-west-1', '--yes', ACCOUNT], 2, /docker does not work/],
])('%s it deploys nothing', async (_title, args, code, message) => {
  asked.length = 0;
  const { stderr, ...ended } = await tries(...args);
  expect(ended.code).toBe(code);
  expect(stderr).toMatch(message);
  expect(asked.filter((url) => url !== '/')).toEqual([]);
});

test('says beforehand what it does and what that costs', async () => {
  const { stdout } = await tries('--account', ACCOUNT, '--region', 'eu-west-1');
  expect(stdout).toMatch(/deploys two feeds[\s\S]*holds a delivery[\s\S]*takes it back[\s\S]*removes all stacks/);
  expect(stdout).toMatch(/about \d+ minutes and costs about \d+ dollar/);
});
