import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import { runMessage } from '../../lib/core/run/message.ts';
import type { Notifier } from '../../lib/ports/notifier.ts';

/** Somebody whom a notifier tells. */
export interface NotifierLab {
  readonly notifier: Notifier;
  /** What came, oldest first, as one text for each message. */
  received(): readonly string[];
  close(): Promise<void>;
}

/** Somebody who may not want to be told. */
export interface RefusingLab extends NotifierLab {
  /** From now on, until it is called again. */
  refuse(does: boolean): void;
}

const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
const published = runMessage({ run, state: 'published', changeSet: 'abc', tables: { items: { inserted: 2 } } });
const held = runMessage({
  run: { ...run, revision: 2 },
  state: 'held',
  changeSet: 'def',
  tables: {},
  holds: [{ table: 'items', guard: 'MASS_DELETE', value: 0.5, limit: 0.1, unit: 'share' }],
});
const failed = runMessage({
  run: { ...run, revision: 3 },
  state: 'failed',
  changeSet: null,
  tables: {},
  error: new NightfeedError('SOURCE_LOGIN', 'the vendor says:\n\u001b[31mno\u202e'),
});

/** What every kind of notifier must do; `start` gives one that nobody has used. */
export function notifierConforms(kind: string, start: () => Promise<NotifierLab>): void {
  describe(`the notifier ${kind}`, () => {
    let lab: NotifierLab;
    beforeEach(async () => {
      lab = await start();
    });
    afterEach(() => lab.close());

    test('tells each message once, in the order in which they were sent', async () => {
      for (const message of [published, held, failed]) await lab.notifier.send(message);
      const texts = lab.received();
      expect(texts).toHaveLength(3);
      for (const [index, { subject }] of [published, held, failed].entries()) expect(texts[index]).toContain(subject);
    });

    test('tells the same message in the same words, so that a receiver knows it again', async () => {
      await lab.notifier.send(held);
      await lab.notifier.send(held);
      const [first, second] = lab.received();
      expect(second).toBe(first);
    });

    test('hands on nothing that a terminal would act on', async () => {
      await lab.notifier.send(failed);
      expect(lab.received().join('')).not.toMatch(/[\u001b\u202e]/);
    });

    test('takes a message of any size', async () => {
      const numbers = { inserted: 1, updated: 2, unchanged: 3_000_000 };
      const tables = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`table_${index}`, numbers]));
      await lab.notifier.send(runMessage({ run, state: 'published', changeSet: 'abc', tables }));
      expect(lab.received()).toHaveLength(1);
    });
  });
}

/** What a kind must do whose receiver may be away. */
export function refusalConforms(kind: string, start: () => Promise<RefusingLab>): void {
  test(`the notifier ${kind} says that nobody took a message, and tells it when somebody does`, async () => {
    const lab = await start();
    try {
      lab.refuse(true);
      await expect(lab.notifier.send(held)).rejects.toMatchObject({
        name: expect.stringMatching(/^(NOTIFIER_UNAVAILABLE|MESSAGE_REFUSED)$/),
      });
      lab.refuse(false);
      await lab.notifier.send(held);
      expect(lab.received()).toHaveLength(1);
    } finally {
      await lab.close();
    }
  });
}
