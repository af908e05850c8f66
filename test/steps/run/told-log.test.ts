import { expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { parseRunName } from '../../../lib/core/run/keys.ts';
import { type LogLine, parseLogLine } from '../../../lib/core/run/log-line.ts';
import { LakeLog } from '../../../lib/steps/run/lake-log.ts';
import { ToldLog } from '../../../lib/steps/run/told-log.ts';

const run = parseRunName('shop/2026-11-20')!;
const clock = { host: 'here', now: () => new Date('2026-11-20T02:00:00Z') };

function logOf(take: () => void = () => {}) {
  const troubles: string[] = [];
  const kept: { key: string; lines: LogLine[] }[] = [];
  const create = async (key: string, body: string | Uint8Array) => {
    take();
    kept.push({
      key,
      lines: String(body)
        .split('\n')
        .flatMap((line) => parseLogLine(line) ?? []),
    });
    return true;
  };
  const log = new ToldLog(new LakeLog({ create }, (text) => troubles.push(text)), clock);
  return { log, kept, troubles };
}

test('a line says run, step, attempt and host; what was told before the run opened belongs to it', async () => {
  const { log, kept } = logOf();
  log.tell('info', 'early');
  await log.keep();
  expect(kept).toEqual([]);
  log.opens(run, 3);
  log.enters('pull');
  log.tell('warn', 'two\nlines', { bytes: 5, name: 'a\u202eb' });
  await log.keep();
  await log.keep();
  expect(kept).toHaveLength(1);
  expect(kept[0]!.key).toMatch(/^logs\/shop\/2026-11-20\/20261120020000000-00000-[0-9a-f]{8}\.ndjson$/);
  const of = { time: '2026-11-20T02:00:00.000Z', feed: 'shop', run: 'shop/2026-11-20', attempt: 3, host: 'here' };
  expect(kept[0]!.lines).toEqual([
    { ...of, level: 'info', step: null, message: 'early', fields: {} },
    { ...of, level: 'warn', step: 'pull', message: 'two\\nlines', fields: { bytes: 5, name: 'a\\u{202e}b' } },
  ]);
});

test('no line holds a secret, nor the password of an address', async () => {
  const { log, kept } = logOf();
  log.hide('tok5');
  log.hide('https://hooks.example.com/services/T000XYZ123');
  log.hidePassword(new URL('postgres://loader:p%40ss%zz@db.example.com/warehouse'));
  log.opens(run, 1);
  log.tell('error', 'tok5 at https://hooks.example.com/services/T000XYZ123, p%40ss%zz', { said: 'T000XYZ123' });
  await log.keep();
  expect(kept[0]!.lines[0]).toMatchObject({ message: '… at …, …', fields: { said: '…' } });
});

test('a lake that does not take lines is told once, and gets them later', async () => {
  let isFull = true;
  const { log, kept, troubles } = logOf(() => {
    if (isFull) throw new NightfeedError('STORE_UNAVAILABLE', 'no space left');
  });
  log.opens(run, 1);
  log.tell('info', 'first');
  await log.keep();
  log.tell('info', 'second');
  await log.keep();
  expect(troubles).toEqual(['the log of shop/2026-11-20 is not kept: no space left']);
  isFull = false;
  await log.keep();
  expect(kept[0]!.lines.map(({ message }) => message)).toEqual(['first', 'second']);
});

test('neither many lines nor long ones grow without end', async () => {
  const { log, kept } = logOf();
  log.opens(run, 1);
  for (let count = 0; count < 5010; count += 1) log.tell('info', 'x'.repeat(count === 0 ? 100_000 : 1));
  await log.keep();
  const { lines } = kept[0]!;
  expect(lines[0]!.message.length).toBeLessThan(2010);
  expect([lines.length, lines.at(-1)!.message]).toEqual([5001, '10 more lines are left out']);
  log.tell('info', 'later');
  await log.keep();
  expect(kept[1]!.lines.map(({ message }) => message)).toEqual(['later']);
});
