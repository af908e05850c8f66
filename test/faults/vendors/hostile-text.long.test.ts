import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { environmentNames } from '../../../lib/core/cloud/environment-names.ts';
import type { Source } from '../../../lib/ports/source.ts';
import { night } from '../../../lib/workflows/night.ts';
import type { IntakeFeed } from '../../support/nights/intake-feed.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { base, columns, MARK, places } from './hostile-places.ts';
import { openSns, type ReceivedBySns, shownEverywhere } from './shown-everywhere.ts';

let lab: IntakeLab;
let sns: ReceivedBySns;
beforeAll(async () => {
  vi.stubEnv(environmentNames.feed, 'feeds/shop/0123456789abcdef.json').stubEnv(environmentNames.stage, 'prod');
  [lab, sns] = await Promise.all([IntakeLab.open(), openSns()]);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  sns.server.close();
  await lab.close();
});

test.each(Object.entries(places))('%s', async (_name, place) => {
  const { as, table = {}, more = {}, first = base, files = {}, source, before } = place;
  const feed = await lab.feed({ files: 't.csv', columns, ...table }, first, more);
  await before?.(lab, feed);
  const said = lab.said.length;
  if (source) await nightAt(feed, source);
  else await feed.night(files);

  const result = lab.results.at(-1)!;
  expect(result.state, JSON.stringify(result.error ?? result.holds)).toBe(as);
  const shown = await shownEverywhere(result, lab.said.slice(said), { lab, sns });
  for (const [where, written] of Object.entries(shown)) checkShown(where, written);
  if (!place.isHidden) expect(shown['the terminal']).toContain(MARK);
});

async function nightAt({ feed }: IntakeFeed, source: () => Source): Promise<void> {
  const ports = { ...lab.ports, openSource: async () => source() };
  const owner = { host: 'test', pid: 1, started: '1' };
  lab.results.push(await night({ feed, date: '2026-03-01', folder: '', owner }, ports));
}

function checkShown(where: string, written: string): void {
  expect(written.replaceAll('\n', ''), where).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(Buffer.byteLength(written), where).toBeLessThan(100_000);
  if (where !== 'the chat') return;
  expect(written).not.toMatch(/[<>]|\]\(/);
  // Nothing of it stands outside of a block.
  expect(written.replaceAll(/```\n[^`]*\n```/g, '')).not.toContain(MARK);
}
