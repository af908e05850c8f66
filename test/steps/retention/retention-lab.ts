import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunId } from '../../../lib/core/run/keys.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
import type { NightResult } from '../../../lib/core/run/night-result.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { formats } from '../../../lib/formats/index.ts';
import type { Engine } from '../../../lib/ports/engine.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { ledgerSightings } from '../../../lib/steps/arrival/ledger-sightings.ts';
import { night } from '../../../lib/workflows/night.ts';
import { plan } from '../../../lib/workflows/plan.ts';
import { channelsTo } from '../../support/in-memory/channels.ts';
import { inMemoryEngine } from '../../support/in-memory/engine.ts';
import { InMemoryLedger } from '../../support/in-memory/ledger.ts';
import { InMemoryNotifier } from '../../support/in-memory/notifier.ts';
import { inMemorySource } from '../../support/in-memory/source.ts';
import { inMemoryStore } from '../../support/in-memory/store.ts';
import { InMemoryTarget } from '../../support/in-memory/target.ts';

const DAY_MS = 24 * 3600 * 1000;
const owner = { host: 'here', pid: 1, started: 'now' };

/** Nights of a feed with `keep` on a clock that a test sets forward; each lasts no time. */
export class RetentionLab {
  readonly inner: Store;
  readonly ledger = new InMemoryLedger();
  readonly target = new InMemoryTarget(this.ledger);
  readonly notifier = new InMemoryNotifier();
  readonly said: string[] = [];
  keep: Record<string, string>;
  content = rows(10);
  /** Records of the next nights that cannot be read. */
  rejects = 0;
  /** Called before each object is removed; may throw, as a kill would end the process. */
  onRemove: (key: string) => void = () => {};
  #day = 0;

  constructor(keep: Record<string, string>, store: Store = inMemoryStore()) {
    this.keep = keep;
    this.inner = store;
  }

  get store(): Store {
    return {
      ...this.inner,
      remove: async (keys) => {
        for (const key of keys) {
          this.onRemove(key);
          await this.inner.remove([key]);
        }
      },
    };
  }

  get feed() {
    return feedSchema.parse({
      feed: 'shop',
      source: { folder: '.' },
      ready: { stable: '0s', verify: 'never' },
      keep: this.keep,
      tables: { items: { files: 'items.csv', columns: { id: { type: 'bigint', key: true }, name: 'text' } } },
    });
  }

  get ports(): Ports {
    const nothing = async () => {};
    return {
      formats,
      openSource: async () => inMemorySource({ 'items.csv': this.content }),
      store: this.store,
      engine: this.#engine(),
      ledger: this.ledger,
      target: this.target,
      channels: channelsTo(this.notifier),
      sightings: ledgerSightings(this.ledger),
      now: () => this.now,
      elapsed: () => performance.now(),
      sleep: nothing,
      reach: nothing,
      begin: () => {},
      progress: () => {},
      say: (text: string) => this.said.push(text),
    } as unknown as Ports;
  }

  get now(): Date {
    return new Date(Date.now() + this.#day * DAY_MS);
  }

  later(days: number): void {
    this.#day += days;
  }

  get date(): string {
    return this.now.toISOString().slice(0, 10);
  }

  night(resumes?: RunId): Promise<NightResult> {
    const date = resumes?.date ?? this.date;
    return night({ feed: this.feed, date, folder: '.', owner, ...(resumes ? { resumes } : {}) }, this.ports);
  }

  plan(): Promise<NightResult> {
    // A plan spreads the ledger, as PostgreSQL's can be.
    const names = Object.getOwnPropertyNames(InMemoryLedger.prototype) as (keyof InMemoryLedger)[];
    const methods = names.map((name) => [
      name,
      (...of: never[]) => (this.ledger[name] as (...of: never[]) => unknown).apply(this.ledger, of),
    ]);
    const ledger = Object.fromEntries(methods);
    return plan({ feed: this.feed, date: this.date, folder: '.', owner }, { ...this.ports, ledger });
  }

  async decide(run: RunId, verdict: 'approved' | 'rejected'): Promise<void> {
    const changeSet = (await this.ledger.find(run))!.changeSet!;
    const message = runMessage({ run, state: 'rejected', changeSet, tables: {} });
    await this.ledger.decide(run, { changeSet, verdict, guards: null, by: 'ann', reason: 'a sale' }, message);
  }

  async keysIn(zone: string): Promise<string[]> {
    return (await this.inner.list(`${zone}/shop/`)).map(({ key }) => key);
  }

  /** Objects that this text names and the lake lacks. */
  async missingFrom(text: string): Promise<string[]> {
    const named = text.match(/(?<=")(landing|raw|changes|snapshots)\/shop\/[^"]+(?=")/g) ?? [];
    const missing: string[] = [];
    for (const key of named) if ((await this.inner.readText(key)) === null) missing.push(key);
    return missing;
  }

  /** What production and every run that is not over would look for in vain, following receipts and manifests. */
  async broken(): Promise<string[]> {
    const texts: string[] = [];
    const follow = async (key: string) => {
      const text = await this.inner.readText(key);
      if (text === null) return texts.push(`"${key}"`);
      texts.push(text);
      for (const [manifest] of text.matchAll(/snapshots\/shop\/[^"]+manifest\.json/g)) await follow(manifest);
      return texts.length;
    };
    const applied = await this.ledger.applied('shop');
    for (const { snapshot } of Object.values(applied?.tables ?? {})) await follow(snapshot);
    for (const row of await this.ledger.runs({ feed: 'shop', limit: 1000 }))
      if (!['published', 'unchanged', 'rejected', 'superseded'].includes(row.state))
        for (const { key } of await this.inner.list(`receipts/shop/${folderOf(row.run)}/`)) await follow(key);
    return this.missingFrom(texts.join('\n'));
  }

  /** What receipts of pull and diff name and the lake lacks, those of finished runs too. */
  async dangling(): Promise<string[]> {
    const receipts = (await this.inner.list('receipts/shop/')).filter(({ key }) => /\/(pull|diff)\//.test(key));
    const texts = await Promise.all(receipts.map(({ key }) => this.inner.readText(key)));
    return this.missingFrom(texts.join('\n'));
  }

  /** The engine in memory, which rejects nothing, with rejects that a test wants. */
  #engine(): Engine {
    const engine = inMemoryEngine(this.store);
    const rejects = this.rejects;
    return {
      ...engine,
      diff: (input, use) =>
        engine.diff(input, async (found) => {
          if (rejects === 0) return use(found);
          const folder = await mkdtemp(join(tmpdir(), 'rejects-'));
          const [report, carried] = [join(folder, 'rejects'), join(folder, 'carried')];
          await Promise.all([writeFile(report, 'rejects'), writeFile(carried, 'carried')]);
          return use({
            ...found,
            rejected: { FORMAT: rejects },
            carried: 1,
            files: { ...found.files, rejects: report, carried },
          });
        }),
    };
  }
}

export function rows(count: number, name = 'item'): string {
  const lines = Array.from({ length: count }, (_, index) => `${index},${name} ${index}`);
  return ['id,name', ...lines].map((line) => `${line}\n`).join('');
}

function folderOf({ date, revision }: RunId): string {
  return revision === 1 ? date : `${date}-r${revision}`;
}
