import type { Feed } from '../../core/feed/spec.ts';
import { keys } from '../../core/run/keys.ts';
import type { Applied } from '../../ports/ledger/applied.ts';
import type { Using } from '../../ports/ports.ts';
import { type Base, type BasePorts, baseOf, productionOf } from '../../steps/base/base.ts';
import { newAttempt } from '../../steps/run/attempt.ts';

/** The base of a table, read once; null when production holds nothing of it. */
export type BaseFor = (table: string) => Promise<Base | null>;

/** Gives `work` the bases. A release opens its run only when it knows what it will write, so rows that are read back here are removed after `work`. */
export async function withBases<T>(
  feed: Feed,
  applied: Applied,
  ports: BasePorts & Using<'target', 'inspect'>,
  work: (baseFor: BaseFor) => Promise<T>,
): Promise<T> {
  const { run } = applied;
  const request = { feed, run, attempt: newAttempt('release') };
  const production = productionOf(applied, await ports.target.inspect(feed));
  const bases = new Map<string, Promise<Base | null>>();
  const baseFor: BaseFor = (table) => {
    const base = bases.get(table) ?? baseOf(request, table, production(table), ports);
    bases.set(table, base);
    return base;
  };
  try {
    return await work(baseFor);
  } finally {
    for (const table of bases.keys()) {
      const left = await ports.store.list(keys.snapshot(run, request.attempt, table, ''));
      await ports.store.remove(left.map(({ key }) => key));
    }
  }
}
