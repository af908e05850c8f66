import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { labsAfter } from '../../support/nights/labs-after.ts';
import type { NightLab } from '../../support/nights/night-lab.ts';
import { hookServer } from '../../support/vendors/hook-server.ts';
import { mailServer } from '../../support/vendors/mail-server.ts';
import { dateOf, deliveryOf, mostMissing } from '../../support/vendors/night-vendor.ts';

const fork = labsAfter(1);
const env = { HOOK_SECRET: `whsec_${btoa('a secret of more than 24 bytes')}` };

/** A lab whose feed tells a web hook of everything, and people by mail of what waits for them. */
async function labWithChannels() {
  const [lab, hook, mail] = await Promise.all([fork(), hookServer(), mailServer()]);
  onTestFinished(async () => {
    await Promise.all([hook.close(), mail.close()]);
  });
  const channels = [
    { webhook: { url: hook.url, secret: 'env:HOOK_SECRET' } },
    {
      smtp: { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'a@example.com', to: ['b@example.com'] },
      severity: 'error',
    },
  ];
  appendFileSync(join(lab.folder, 'feed.yaml'), `\nchannels: ${JSON.stringify(channels)}\n`);
  lab.deliver(dateOf(2), deliveryOf(2));
  const told = () => hook.taken.map(({ body }) => JSON.parse(body).data.id as string);
  return { lab, hook, mail, told };
}

const notify = (lab: NightLab, ...more: string[]) => lab.run(['notify', join(lab.folder, 'feed.yaml'), ...more], env);
const id = (night: number) => expect.stringMatching(new RegExp(`^shop/${dateOf(night)}:published:`));

test('each channel gets what it wants, when the night ends', async () => {
  const { lab, hook, mail, told } = await labWithChannels();
  expect(await lab.night(dateOf(2), env)).toMatchObject({ code: 0, json: { state: 'published' } });
  lab.deliver(dateOf(3), mostMissing(deliveryOf(3)));
  expect(await lab.night(dateOf(3), env)).toMatchObject({ code: 3, json: { state: 'held' } });

  expect(told()).toEqual([id(2), expect.stringContaining(`${dateOf(3)}:held:`)]);
  expect(JSON.parse(hook.taken[0]!.body).data.times).toMatchObject({
    began: expect.any(String),
    ended: expect.any(String),
  });
  expect(mail.mails.map(({ text }) => /^Subject: (.*)\r$/m.exec(text)?.[1])).toEqual([
    `nightfeed shop/${dateOf(3)}: held`,
  ]);
  await lab.checkInvariants(deliveryOf(2));
});

test('what a channel does not take waits; status says so, and notify sends it', async () => {
  const { lab, hook, told } = await labWithChannels();
  hook.answers.status = 403;
  const night = await lab.night(dateOf(2), env);
  expect(night).toMatchObject({ code: 0, json: { state: 'published' } });
  expect(night.stderr).toContain('webhook did not take a message, which is kept for the next run');

  const waiting = { run: `shop/${dateOf(2)}`, state: 'published', channel: 'webhook', attempts: 1 };
  const { json } = await lab.run(['status', '--json']);
  expect(json).toMatchObject({ undelivered: [{ ...waiting, reason: expect.stringContaining('it answered 403') }] });
  expect(await notify(lab)).toMatchObject({ code: 1, json: { sent: 0, undelivered: [{ ...waiting, attempts: 2 }] } });

  hook.answers.status = 202;
  expect(await notify(lab)).toMatchObject({ code: 0, json: { sent: 1, undelivered: [] } });
  expect(await notify(lab)).toMatchObject({ code: 0, json: { sent: 0, undelivered: [] } });
  expect(told()).toEqual([id(2)]);
});

test('a secret that is missing is told, and costs neither the night nor the other channels', async () => {
  const { lab, told } = await labWithChannels();
  const night = await lab.night(dateOf(2));
  expect(night).toMatchObject({ code: 0, json: { state: 'published' } });
  expect(night.stderr).toContain('HOOK_SECRET is not set');
  lab.deliver(dateOf(3), deliveryOf(3));
  await lab.night(dateOf(3), env);
  expect(told()).toEqual([id(2), id(3)]);
});

test('a test reaches every channel, and says which did not take it', async () => {
  const { lab, hook, mail } = await labWithChannels();
  const all = ['console', 'webhook', 'smtp'].map((channel) => ({ channel, reason: null as unknown }));
  expect(await notify(lab, '--test')).toMatchObject({ code: 0, json: { channels: all } });
  expect(mail.mails[0]!.text).toContain('a test of the channel, there is nothing to do');
  hook.answers.status = 500;
  all[1]!.reason = expect.stringContaining('it answered 500');
  expect(await notify(lab, '--test')).toMatchObject({ code: 1, json: { channels: all } });
});
