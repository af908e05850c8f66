import { expect, test } from 'vitest';
import { answers } from '../../../docs/json-answers.ts';
import { feedsIn, lakeOf } from '../../../lib/workflows/lake/lake.ts';
import { RetentionLab, rows } from '../../steps/retention/retention-lab.ts';

async function nights(lab: RetentionLab, ...days: number[]): Promise<void> {
  for (const [index, each] of days.entries()) {
    lab.later(each);
    lab.content = rows(10 + index);
    expect(await lab.night()).toMatchObject({ state: 'published' });
  }
}

test('it shows size and growth by zone, and what a limit would free and has to leave, and removes nothing', async () => {
  const lab = new RetentionLab({ current: '1d' });
  await nights(lab, 0, 1, 1, 60);
  const before = await lab.inner.list('');
  const found = await lakeOf([{ feed: 'shop', keep: { landing: 30 } }], lab.ports);
  expect(answers.lake.parse(found)).toEqual(found);
  expect(await lab.inner.list('')).toEqual(before);

  const [shop] = found.feeds;
  const landing = before.filter(({ key }) => key.startsWith('landing/'));
  const bytes = landing.reduce((sum, { size }) => sum + size, 0);
  expect(shop!.zones.find(({ zone }) => zone === 'landing')).toMatchObject({ objects: 4, bytes, grown: 0 });
  expect(shop!.unnamed).toEqual({ objects: 0, bytes: 0 });
  expect(shop!.freed!.zones).toEqual([expect.objectContaining({ zone: 'landing', days: 30, objects: 2 })]);
  expect(shop!.freed!.needed).toEqual([expect.objectContaining({ need: 'production', objects: 2 })]);
});

test('what a night then removes is what was foretold', async () => {
  const lab = new RetentionLab({ landing: '30d', changes: '30d' });
  lab.keep = { current: '1d' };
  await nights(lab, 0, 1, 1, 1);
  lab.keep = { landing: '30d', changes: '30d' };
  lab.later(60);
  const { freed } = (await lakeOf([{ feed: 'shop', keep: lab.feed.keep! }], lab.ports)).feeds[0]!;
  await lab.night();
  const landing = freed!.zones.find(({ zone }) => zone === 'landing')!;
  expect(landing.objects).toBe(2);
  // The night made a delivery of its own, so that one more of the old ones may go.
  expect(lab.said.join('\n')).toContain(`keep: landing, objects: ${landing.objects + 1}, `);
});

test('what no receipt leads to is shown by itself, once it is older than a day', async () => {
  const lab = new RetentionLab({ current: '1d' });
  await nights(lab, 0);
  await lab.inner.create(`landing/shop/${lab.date}/a7-dead/items/part-00000.csv.zst`, 'lost attempt');
  const unnamed = async () => (await lakeOf([{ feed: 'shop', keep: undefined }], lab.ports)).feeds[0]!.unnamed;
  expect(await unnamed()).toEqual({ objects: 0, bytes: 0 });
  lab.later(2);
  expect(await unnamed()).toEqual({ objects: 1, bytes: 12 });
});

test('without names it shows every feed that has something there', async () => {
  const lab = new RetentionLab({ current: '1d' });
  expect(await feedsIn(lab.ports)).toEqual([]);
  await nights(lab, 0);
  expect(await feedsIn(lab.ports)).toEqual(['shop']);
});
