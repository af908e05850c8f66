import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArriveReceipt } from '../../lib/core/run/arrive-receipt.ts';
import type { RunId } from '../../lib/core/run/keys.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Sighting } from '../../lib/ports/sightings.ts';
import type { Source } from '../../lib/ports/source.ts';
import { folderSource } from '../../lib/sources/folder/folder.ts';
import { arrive } from '../../lib/steps/arrive.ts';
import type { OpenRun } from '../../lib/steps/run/run-request.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';

/** A vendor's folder, and a step that awaits its delivery in the test's own time. */
export class ArriveLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'arrive-'));
  readonly vendor = join(this.folder, 'vendor');
  now = new Date('2026-11-20T02:00:00Z');
  /** How long it slept, in seconds. */
  pauses: number[] = [];
  /** What happens at the vendor's during the pauses, one after the other. */
  meanwhile: (() => void)[] = [];
  /** What earlier processes remembered. */
  kept: (Sighting & { date: string }) | null = null;
  readonly said: string[] = [];
  ledger: object = { exists: async () => false };

  constructor() {
    mkdirSync(this.vendor);
  }

  /** Last written at the test's own now. */
  put(name: string, text: string): void {
    const path = join(this.vendor, name);
    writeFileSync(path, text);
    utimesSync(path, this.now, this.now);
  }

  async arrived(options: object = {}, open: () => Source = () => folderSource(this.vendor)): Promise<ArriveReceipt> {
    const feed = feedSchema.parse({
      feed: 'shop',
      schedule: { at: '02:00', timezone: 'UTC', deadline: '03:00' },
      source: { folder: '.' },
      tables: { products: { files: 'products*.csv', columns: { id: { type: 'bigint', key: true } } } },
      ...options,
    });
    const date = '2026-11-20';
    const run = { feed: 'shop', date, revision: 1 };
    const ports = {
      openSource: async () => open(),
      ledger: { ...this.ledger, note: async () => {} },
      reach: async () => {},
      store: folderStore(join(this.folder, 'lake')),
      sightings: {
        last: async ({ date }: RunId) => (this.kept?.date === date ? this.kept : null),
        keep: async ({ date }: RunId, _fence: number, look: Sighting) => {
          this.kept = { date, ...look };
        },
      },
      now: () => this.now,
      elapsed: () => this.now.getTime(),
      say: (text: string) => this.said.push(text),
      sleep: async (milliseconds: number) => {
        this.pauses.push(milliseconds / 1000);
        this.now = new Date(this.now.getTime() + milliseconds);
        this.meanwhile.shift()?.();
      },
    } as unknown as Ports;
    return arrive({ request: { feed, date }, run } as unknown as OpenRun, ports);
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}
