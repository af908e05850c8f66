import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runMessage } from '../../../lib/core/run/message.ts';
import { smtpNotifier } from '../../../lib/notifiers/smtp/smtp.ts';
import { type Certificate, makeAuthority, makeCertificate } from '../../support/vendors/certificates.ts';
import { mailServer } from '../../support/vendors/mail-server.ts';

let folder: string;
let authority: Certificate;
let certificate: Certificate;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-mail-'));
  authority = await makeAuthority(folder);
  certificate = await makeCertificate(folder, 'server', 'DNS:localhost');
});
afterAll(() => rm(folder, { recursive: true }));

const held = runMessage({
  run: { feed: 'shop', date: '2026-11-20', revision: 1 },
  state: 'held',
  changeSet: 'abc',
  tables: {},
  holds: [{ table: 'items', guard: 'MASS_DELETE', value: 0.5, limit: 0.1, unit: 'share' }],
});
const envelope = { host: 'localhost', from: 'night@example.com', to: ['ops@example.com', 'data@example.com'] };
const login = { user: 'night', password: 'a secret' };
const withLogin = {
  authOptional: false,
  onAuth: ({ username, password }: { username?: string; password?: string }, _session: unknown, done: Done) =>
    password === login.password ? done(null, { user: username }) : done(new Error('wrong password')),
};
type Done = (error: Error | null, answer?: { user: string | undefined }) => void;

test.each(['starttls', 'implicit'] as const)('with %s, by login, to all recipients', async (tls) => {
  const secure = tls === 'implicit';
  const { port, mails, close } = await mailServer({ ...withLogin, ...certificate, secure } as object);
  await smtpNotifier({ ...envelope, ...login, tls, port, ca: authority.cert }).send(held);
  await close();
  expect(mails).toMatchObject([{ from: envelope.from, to: envelope.to, user: 'night', isEncrypted: true }]);
  expect(mails[0]!.text).toContain('Subject: nightfeed shop/2026-11-20: held');
  expect(mails[0]!.text).toContain('nightfeed approve shop/2026-11-20');
});

test('what is repeated has the same Message-ID, and mails about one run are a thread', async () => {
  const { port, mails, close } = await mailServer();
  const notifier = smtpNotifier({ ...envelope, tls: 'none', port });
  for (const message of [held, held, { ...held, id: 'other' }]) await notifier.send(message);
  await close();
  const header = (name: string) => mails.map(({ text }) => new RegExp(`^${name}: (.*)\\r$`, 'mi').exec(text)?.[1]);
  const [first, again, other] = header('Message-ID');
  expect(again).toBe(first);
  expect(other).not.toBe(first);
  expect(new Set(header('References')).size).toBe(1);
});

test.each([
  ['another authority', { tls: 'starttls' as const, ca: undefined }, {}],
  ['no TLS', { tls: 'starttls' as const }, { disabledCommands: ['STARTTLS'] }],
  ['a wrong password', { tls: 'starttls' as const, password: 'wrong' }, {}],
])('a server with %s gets neither message nor success', async (_, options, server) => {
  const { port, mails, close } = await mailServer({ ...withLogin, ...certificate, ...server } as object);
  const notifier = smtpNotifier({ ...envelope, ...login, ca: authority.cert, port, ...options });
  await expect(notifier.send(held)).rejects.toMatchObject({ name: 'NOTIFIER_UNAVAILABLE' });
  await close();
  expect(mails).toEqual([]);
});

test('a recipient whom the server refuses is a refusal', async () => {
  const { port, refuses, close } = await mailServer();
  refuses.recipient = 'data@example.com';
  await expect(smtpNotifier({ ...envelope, tls: 'none', port }).send(held)).rejects.toThrow(
    'refused 1 of 2 recipients',
  );
  await close();
});

test('a server that takes for ever to greet is given up', { timeout: 60_000 }, async () => {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => {
    socket.on('error', () => {}).write('220 hello\r\n');
    const drip = setInterval(() => socket.write('250-more\r\n'), 1000);
    socket.on('close', () => clearInterval(drip));
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  const { port } = server.address() as { port: number };
  const start = performance.now();
  await expect(smtpNotifier({ ...envelope, tls: 'none', port }).send(held)).rejects.toMatchObject({
    name: 'NOTIFIER_UNAVAILABLE',
  });
  expect(performance.now() - start).toBeLessThan(45_000);
  server.close();
});
