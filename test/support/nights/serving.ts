import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { type Desk, start } from './command-line.ts';

type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** A night that begins at midnight: the one of today has begun, whenever a test runs. */
export const atMidnight = 'schedule: {at: "00:00", timezone: UTC}\n';

export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** `nightfeed serve` of a desk's folder, as a process of its own that says what happens. */
export class Serving {
  readonly events: Event[] = [];
  readonly process: ChildProcess;
  readonly ended: ReturnType<typeof start>['ended'];
  readonly #waiting = new Set<() => void>();

  constructor(desk: Desk, env: Readonly<Record<string, string>> = {}) {
    const started = start(['serve', desk.feed, '--listen', '0', '--json'], { ...desk.env, ...env });
    this.process = started.process;
    this.ended = started.ended;
    createInterface({ input: started.process.stdout! }).on('line', (line) => {
      this.events.push(JSON.parse(line));
      for (const look of this.#waiting) look();
    });
  }

  /** The first event that has these facts, now or later. */
  async event(facts: object): Promise<Event> {
    const { promise, resolve, reject } = Promise.withResolvers<Event>();
    const look = () => {
      const found = this.events.find((event) => expect.objectContaining(facts).asymmetricMatch(event));
      if (found) resolve(found);
    };
    this.#waiting.add(look);
    look();
    void this.ended.then(({ code, stderr }) =>
      reject(
        new Error(
          `serve ended with ${code} before ${JSON.stringify(facts)}\n${JSON.stringify(this.events)}\n${stderr}`,
        ),
      ),
    );
    return promise.finally(() => this.#waiting.delete(look));
  }

  async get(path: string): Promise<Response> {
    const told = await this.event({ event: 'note', text: expect.stringContaining('/healthz') });
    return fetch(/http:[^ ]+(?=\/healthz)/.exec(String(told.text))![0] + path);
  }

  /** Processes that it started. */
  children(): number[] {
    const { pid } = this.process;
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.trim().split(' ').filter(Boolean).map(Number);
  }

  /** What the process holds: open files and kilobytes of memory. */
  holds(): { readonly handles: number; readonly memory: number } {
    const { pid } = this.process;
    const memory = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
    return { handles: readdirSync(`/proc/${pid}/fd`).length, memory };
  }
}
