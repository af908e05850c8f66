import { expect, onTestFinished, test } from 'vitest';
import { BEFORE_MS } from '../../support/nights/night-lab.ts';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';

const accepting = (...names: string[]) =>
  feedText().replace('tables:', `target:\n  accept: ${JSON.stringify(names)}\ntables:`);

async function openDesk(): Promise<PriceDesk> {
  const desk = await PriceDesk.open();
  onTestFinished(() => desk.close());
  return desk;
}

/** An application's own log: harmless, but nobody can see that from outside. */
const audit = `
  CREATE TABLE public.log (id bigint);
  CREATE FUNCTION public.audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.log VALUES (NEW.id); RETURN NEW; END';
  CREATE TRIGGER audit AFTER INSERT OR UPDATE ON prices FOR EACH ROW EXECUTE FUNCTION public.audit()`;
const hold = { table: 'prices', guard: 'TARGET_OBJECT', object: 'trigger prices.audit' };

test(
  'a trigger holds the night by its name, in plan too, until somebody approves or the feed file accepts it',
  async () => {
    const desk = await openDesk();
    await desk.publish('2026-11-18', ['1,one,1']);
    await desk.sql.unsafe(audit);
    await desk.deliver('2026-11-19', ['1,uno,1']);
    const planned = await desk.ask('plan', desk.feed, '--date', '2026-11-19');
    const held = await desk.night('2026-11-19');
    for (const { code, answer } of [planned, held]) {
      expect(code).toBe(3);
      expect(answer.holds).toMatchObject([hold]);
    }
    const why = ['--guard', 'TARGET_OBJECT', '--by', 'ada', '--reason', 'a log'];
    expect(await desk.ask('approve', 'shop/2026-11-19', ...why, '--no-run')).toMatchObject({ code: 0 });

    // The approval was of what was seen.
    await desk.sql`CREATE TRIGGER second AFTER INSERT ON prices FOR EACH ROW EXECUTE FUNCTION public.audit()`;
    const again = await desk.run(['run', desk.feed, '--date', '2026-11-19']);
    expect(again.stdout).toContain('TARGET_OBJECT  prices: trigger prices.audit can change rows unseen');
    expect(again.stdout).toContain('target: {accept: ["trigger prices.second"]}');
    await desk.describe(accepting('trigger prices.audit', 'trigger prices.second'));
    expect(await desk.night('2026-11-19')).toMatchObject({ code: 0, answer: { state: 'published' } });
  },
  BEFORE_MS,
);

test('one that comes while the night is at work sends it back to diff, where it holds', async () => {
  const desk = await openDesk();
  await desk.publish('2026-11-18', ['1,one,1']);
  await desk.deliver('2026-11-19', ['1,uno,1']);
  const command = desk.start(['run', desk.feed, '--date', '2026-11-19'], { NIGHTFEED_FAIL_AT: 'publish.staged:stop' });
  await command.frozen();
  await desk.sql.unsafe(audit);
  expect(await command.thaw()).toMatchObject({ code: 3, json: { state: 'held', holds: [hold] } });
  expect(await desk.rows()).toEqual([['1', 'one', '1.00']]);
});

test('a release is held for it as a night is', async () => {
  const desk = await openDesk();
  await desk.publish('2026-11-18', ['1,one,1', '2,two,many']);
  await desk.sql.unsafe(audit);
  await desk.describe(feedText().replace('{type: "decimal(6,2)"}', '{type: "decimal(6,2)", nulls: [many]}'));
  const held = await desk.ask('quarantine', 'release', 'shop/2026-11-18');
  expect(held, held.stderr).toMatchObject({ code: 3, answer: { holds: [hold] } });
});

test('adopt names what can change rows, and refuses what no night can write under', async () => {
  const desk = await openDesk();
  await desk.sql.unsafe(`CREATE TABLE prices (id bigint PRIMARY KEY, name text, price numeric(6,2)); ${audit};
    CREATE RULE keep AS ON DELETE TO prices DO INSTEAD NOTHING`);
  const refused = await desk.ask('adopt', desk.feed, '--yes');
  expect(refused).toMatchObject({
    code: 2,
    answer: {
      error: {
        name: 'MIGRATION_NEEDED',
        message: expect.stringContaining('public.prices: rule prices.keep rewrites what nightfeed writes'),
      },
    },
  });
  await desk.sql`DROP RULE keep ON prices`;
  const adopted = await desk.ask('adopt', desk.feed, '--yes');
  expect(adopted.code).toBe(0);
  expect(adopted.stderr).toContain('trigger prices.audit can change rows unseen');
});
