import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answerOf, nightfeed } from '../support/nights/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightfeed-wrong-use-'));
afterAll(() => rmSync(folder, { recursive: true }));

const good = `feed: shop
source: {folder: .}
tables:
  items: {files: items.csv, columns: {id: {type: bigint, key: true}}}
`;
for (const [name, text] of Object.entries({
  'good.yaml': good,
  'invalid.yaml': good.replace('bigint', 'number'),
  'broken.yaml': good.replace('key: true}', 'key: true'),
  'spark.yaml': `${good}engine: spark\n`,
  'large.yaml': `${good}spark: {above: 200GB}\n`,
})) {
  writeFileSync(join(folder, name), text);
}

const decided = ['--by', 'ada', '--reason', 'seen'];

/** Command line, name of the error, and what its message has to say. */
const wrong: readonly [string[], string, RegExp][] = [
  [[], 'USAGE', /expected a command/],
  [['rum', 'good.yaml'], 'USAGE', /unknown command 'rum'.*Did you mean run/s],
  [['run'], 'USAGE', /missing required argument 'feed'/],
  [['run', 'good.yaml', 'more.yaml'], 'USAGE', /too many arguments for .run./],
  [['run', 'good.yaml', '--dat', '2026-11-20'], 'USAGE', /unknown option '--dat'/],
  [['run', 'good.yaml', '--date'], 'USAGE', /--date <date>' argument missing/],
  [['run', 'good.yaml', '--date', '2026-02-30'], 'USAGE', /expected a day such as 2026-11-20, received "2026-02-30"/],
  [['plan', 'good.yaml', '--date', 'today'], 'USAGE', /expected a day such as 2026-11-20, received "today"/],
  [['run', 'good.yaml', '--force', '--by', 'ada'], 'USAGE', /--force needs who and why: --by WHO --reason WHY/],
  [['plan', 'good.yaml', '--force'], 'USAGE', /--force needs who and why/],
  [['run', 'good.yaml', '--by', 'ada'], 'USAGE', /received --by or --reason without --force/],
  [['run', 'absent.yaml'], 'USAGE', /cannot read the feed file absent.yaml: ENOENT/],
  [['run', '.'], 'USAGE', /cannot read the feed file .: EISDIR/],
  [['validate', 'broken.yaml'], 'FEED_INVALID', /^broken.yaml:5: /],
  [['run', 'broken.yaml'], 'FEED_INVALID', /^broken.yaml:5: /],
  [['run', 'invalid.yaml'], 'FEED_INVALID', /^invalid.yaml:4: .*expected one of text.*received "number"/],
  [['plan', 'invalid.yaml'], 'FEED_INVALID', /^invalid.yaml:4: /],
  [['migrate', 'invalid.yaml'], 'FEED_INVALID', /^invalid.yaml:4: /],
  [['audit', 'invalid.yaml'], 'FEED_INVALID', /^invalid.yaml:4: /],
  [['run', 'spark.yaml'], 'ENGINE_MISSING', /engine spark cannot run here: no Java 17 or newer in JAVA_HOME/],
  [['plan', 'spark.yaml'], 'ENGINE_MISSING', /engine spark cannot run here/],
  [['run', 'large.yaml'], 'ENGINE_MISSING', /engine spark cannot run here/],
  [['approve', 'shop/2026-11-20', '--reason', 'seen'], 'USAGE', /required option '--by <who>' not specified/],
  [['reject', 'shop/2026-11-20', '--reason', 'seen'], 'USAGE', /required option '--by <who>' not specified/],
  [
    ['--stack', 'dev-shop', 'validate', 'good.yaml'],
    'USAGE',
    /--stack is not for validate; it is for run, plan, audit/,
  ],
  [['--stack', 'dev-shop', 'audit', 'good.yaml'], 'USAGE', /received the feed file good.yaml; with --stack it is the/],
  [['audit'], 'USAGE', /missing required argument 'feed'/],
  [['run', 'good.yaml', '--stack', 'dev-shop'], 'USAGE', /received the feed file good.yaml; with --stack it is the/],
  [
    ['reject', 'shop/2026-11-20', ...decided, '--stack', 'dev-shop'],
    'USAGE',
    /received --by; with --stack it is the identity/,
  ],
  [['reject', 'shop', '--reason', 'seen', '--stack', 'dev-shop'], 'RUN_UNKNOWN', /"shop" is not the name of a run/],
  [['approve', 'shop/2026-11-20', '--by', 'ada'], 'USAGE', /required option '--reason <why>' not specified/],
  [
    ['approve', 'shop/2026-11-20', ...decided, '--guard', 'DELETES'],
    'USAGE',
    /expected one of ROWCOUNT_DROP, .*, received "DELETES"/,
  ],
  [
    ['reject', 'shop', ...decided],
    'RUN_UNKNOWN',
    /"shop" is not the name of a run; runs are named like catalog\/2026-11-20/,
  ],
  [['history', '--limit', '0'], 'USAGE', /expected a whole number of at least 1, received "0"/],
];

describe('wrong use ends with 2', () => {
  test.each(wrong)('nightfeed %j', async (args, name, message) => {
    const ended = await nightfeed(
      [...args, '--json'],
      { NIGHTFEED_HOME: join(folder, 'home'), JAVA_HOME: folder },
      folder,
    );
    expect(ended.code).toBe(2);
    const { error, ...rest } = answerOf(ended);
    const nothing = {
      run: null,
      state: null,
      date: null,
      attempt: null,
      tables: {},
      holds: [],
      warnings: [],
      seconds: 0,
      steps: {},
    };
    expect(rest).toEqual(nothing);
    expect(error).toEqual({ name, message: expect.stringMatching(message), hint: expect.stringMatching(/\w/) });
    expect(ended.stderr).toContain(name);
  });

  test.each([
    [['run', 'invalid.yaml'], 'FEED_INVALID'],
    [['rum'], 'USAGE'],
  ])('nightfeed %j for people: nothing on standard output, no colours', async (args, name) => {
    const { code, stdout, stderr } = await nightfeed(args, {}, folder);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^${name}  .+\n`));
    expect(stderr).not.toContain('\u001b');
  });

  test('a database URL that is none is named without its password', async () => {
    const url = 'mysql://ada:hunter2@db.example.com/shop';
    const ended = await nightfeed(['run', 'good.yaml', '--json'], { NIGHTFEED_DATABASE_URL: url }, folder);
    expect([ended.code, answerOf(ended).error.name]).toEqual([2, 'USAGE']);
    expect(ended.stdout + ended.stderr).not.toContain('hunter2');
  });

  test('--json may stand before the command', async () => {
    const ended = await nightfeed(['--json', 'run', 'invalid.yaml'], {}, folder);
    expect([ended.code, answerOf(ended).error.name]).toEqual([2, 'FEED_INVALID']);
  });
});

test('nightfeed alone shows what there is', async () => {
  const { code, stdout, stderr } = await nightfeed([]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Usage: nightfeed');
});
