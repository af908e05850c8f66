import { expect, onTestFinished, test, vi } from 'vitest';
import { openWorkplace } from '../../../bin/cli/compose.ts';
import { Output } from '../../../bin/cli/output/output.ts';
import { wings } from '../../../bin/wings.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { night } from '../../../lib/workflows/night.ts';
import { channelsTo } from '../../support/in-memory/channels.ts';
import { labsAfter } from '../../support/nights/labs-after.ts';
import type { NightLab } from '../../support/nights/night-lab.ts';
import { dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

const fork = labsAfter(1);

async function labWithDeliveries(): Promise<NightLab> {
  const lab = await fork();
  for (const each of [2, 3]) lab.deliver(dateOf(each), deliveryOf(each));
  return lab;
}

const message = (each: number) => `message  nightfeed shop/${dateOf(each)}: published`;
const told = (stderr: string) =>
  stderr.split('\n').flatMap((line) => (line.includes('message  ') ? [line.trim()] : []));

test.each([
  { point: 'publish.committing', first: 0 },
  { point: 'publish.committed', first: 0 },
  { point: 'notify.sent', first: 1 },
] as const)(
  'killed at $point: the next run of another date tells it, and nobody tells it again',
  async ({ point, first }) => {
    const lab = await labWithDeliveries();

    const killed = await lab.night(dateOf(2), { NIGHTFEED_FAIL_AT: point });
    const next = await lab.night(dateOf(3));
    const again = await lab.night(dateOf(3));

    expect(told(killed.stderr)).toEqual(first === 1 ? [message(2)] : []);
    expect(told(next.stderr)).toEqual([message(2), message(3)]);
    expect(told(again.stderr)).toEqual([]);
    await lab.checkInvariants(deliveryOf(3));
  },
);

test('a notifier that fails leaves the data published, and the message under its id to the next command', async () => {
  const lab = await labWithDeliveries();
  vi.stubEnv('NIGHTFEED_HOME', lab.home);
  vi.stubEnv('NIGHTFEED_DATABASE_URL', lab.database.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { feed, folder } = await readFeedFile(lab.nightArgs(dateOf(2))[1]!, feedSchema);
  const { ports, owner, close } = await openWorkplace(
    { output: new Output({ json: true }), wings },
    { feed: feed.feed, folder },
  );
  const tried: string[] = [];
  const send = async ({ id }: { id: string }) => {
    tried.push(id);
    throw new Error('the topic is not there');
  };

  const result = await night({ feed, folder, date: dateOf(2), owner }, { ...ports, channels: channelsTo({ send }) });
  await close();
  const [unsent] = await lab.sql`SELECT id, sent_at FROM nightfeed.outbox WHERE date = ${dateOf(2)}`;
  const next = await lab.night(dateOf(2));

  expect(result.state).toBe('published');
  expect(tried).toEqual([unsent!.id]);
  expect(unsent!.sent_at).toBeNull();
  expect(next).toMatchObject({ code: 0, json: { state: 'unchanged' } });
  expect(told(next.stderr)).toEqual([message(2)]);
  await lab.checkInvariants(deliveryOf(2));
});
