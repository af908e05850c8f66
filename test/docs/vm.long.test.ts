import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Desk, itemsCsv } from '../support/nights/command-line.ts';
import { feedText, PriceDesk } from '../support/vendors/price-desk.ts';

const page = readFileSync(new URL('../../docs/vm.md', import.meta.url), 'utf8');
const inShop = `target: {schema: shop}\n`;

/** A block of SQL on the page, with names of this test alone, because roles are the whole server's. */
function sqlOf(name: string, names: Readonly<Record<string, string>>): string {
  const [, sql] = new RegExp(`^\`\`\`sql ${name}\\n(.*?)^\`\`\``, 'ms').exec(page)!;
  return Object.entries(names).reduce(
    (text, [word, own]) => text.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), own),
    sql!,
  );
}

async function deskWith(...blocks: readonly string[]) {
  const desk = await PriceDesk.open(feedText() + inShop);
  onTestFinished(() => desk.close());
  const suffix = randomBytes(4).toString('hex');
  const names = {
    loader: `loader_${suffix}`,
    owner: `owner_${suffix}`,
    warehouse: new URL(desk.url).pathname.slice(1),
  };
  onTestFinished(async () => {
    for (const role of [names.loader, names.owner])
      await desk.sql.unsafe(`DO $$ BEGIN IF to_regrole('${role}') IS NOT NULL THEN
        DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}; END IF; END $$`);
  });
  for (const block of blocks) await desk.sql.unsafe(sqlOf(block, names));
  const urlAs = (username: string) => Object.assign(new URL(desk.url), { username, password: 'PASSWORD' }).href;
  return { desk, names, owner: urlAs(names.owner), loader: urlAs(names.loader) };
}

test('one role makes its ledger and its tables', async () => {
  const { desk, loader } = await deskWith('one-role');
  desk.commandUrl = loader;

  expect(await desk.publish('2026-11-19', ['1,one,1.00'])).toMatchObject({ tables: { prices: { inserted: 1 } } });
});

test('with two roles the loader has what nights, decisions and releases need, and no more than that', async () => {
  const { desk, names, owner, loader } = await deskWith('two-roles');
  desk.commandUrl = owner;
  expect(await desk.ask('migrate', desk.feed)).toMatchObject({ code: 0 });
  desk.commandUrl = loader;
  const ungranted = await desk.ask('migrate', desk.feed);
  expect(ungranted).toMatchObject({ code: 1, answer: { error: { hint: expect.stringContaining('GRANT') } } });
  await desk.sql.unsafe(sqlOf('loader', names));

  await desk.publish('2026-11-19', ['1,one,1.00', '2,two,2.00', '3,three,3.00', '4,four,4.00']);
  await desk.publish('2026-11-20', ['1,uno,1.00', '2,two,2.00', '3,three,3.00', '4,four,x', '5,five,5']);
  await desk.describe(feedText().replace('"decimal(6,2)"', '"decimal(6,2)", nulls: [x]') + inShop);
  const released = await desk.ask('quarantine', 'release', 'shop/2026-11-20');
  expect(released, released.stderr).toMatchObject({ code: 0, answer: { released: { prices: { released: 1 } } } });
  await desk.deliver('2026-11-21', ['5,five,5.00']);
  expect(await desk.night('2026-11-21')).toMatchObject({ code: 3 });
  const decided = await desk.ask('approve', 'shop/2026-11-21', '--by', 'ada', '--reason', 'season');
  expect(decided.answer, decided.stderr).toMatchObject({ state: 'published', tables: { prices: { gone: 4 } } });
  expect(await desk.ask('audit', desk.feed)).toMatchObject({ code: 0, answer: { tables: [{ agrees: true }] } });

  const wider = feedText({ more: '      extra: text\n' }) + inShop;
  await desk.describe(wider);
  expect(await desk.ask('migrate', desk.feed)).toMatchObject({
    code: 1,
    answer: { error: { name: 'DATABASE_REFUSED' } },
  });
});

test('a lake that was taken away is filled anew from what production holds', async () => {
  const desk = await Desk.open();
  onTestFinished(() => desk.close());
  await desk.deliver('2026-11-19', itemsCsv(100));
  await desk.ask('run', desk.feed, '--date', '2026-11-19');
  await rename(join(desk.folder, 'home/lake'), join(desk.folder, 'lake-of-before'));
  await desk.deliver('2026-11-20', itemsCsv(100, 3));
  const night = await desk.ask('run', desk.feed, '--date', '2026-11-20');
  expect(night.answer, night.stderr).toMatchObject({
    state: 'published',
    tables: { items: { updated: 3, unchanged: 97 } },
  });
});

test('nights of two feeds run beside one another in one database', async () => {
  const shop = await Desk.open();
  onTestFinished(() => shop.close());
  await shop.deliver('2026-11-20', itemsCsv(100));
  const first = shop.ask('run', shop.feed, '--date', '2026-11-20');
  expect(await first).toMatchObject({ code: 0 });
  await shop.deliver('2026-11-21', itemsCsv(100, 2));
  const other = join(shop.folder, 'other.yaml');
  await shop.rename('other', 'things');
  await rename(shop.feed, other);
  await shop.describe('');

  const nights = await Promise.all([
    shop.ask('run', shop.feed, '--date', '2026-11-21'),
    shop.ask('run', other, '--date', '2026-11-21'),
  ]);

  expect(nights.map(({ answer }) => [answer.run, answer.state])).toEqual([
    ['shop/2026-11-21', 'published'],
    ['other/2026-11-21', 'published'],
  ]);
});
