import { readFileSync, writeFileSync } from 'node:fs';

/** Bytes. null where the system has no /proc. */
export interface Peak {
  /**
   * Largest resident memory of the process and its descendants at one moment, as sampled. The pages of the program itself, which
   * they share, count once.
   */
  readonly sampled: number | null;
  /** Sum of each process's own high-water mark: nothing between two samples escapes it, and it is never too low. */
  readonly atMost: number | null;
  /** Largest sum of the private memory of the server's processes; its shared buffers are not in it. */
  readonly server: number | null;
}

const SAMPLE_MS = 50;

/** Watches a process with its descendants, and a server. `lap` begins to count anew. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #server: number | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #marks = new Map<number, number>();
  #sampled = 0;
  #serverPeak = 0;

  constructor(pid: number, server: number | undefined) {
    this.#pid = pid;
    this.#server = server;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
    this.lap();
  }

  lap(): Peak {
    this.#sample();
    const peak = {
      sampled: this.#sampled || null,
      atMost: [...this.#marks.values()].reduce((sum, mark) => sum + mark, 0) || null,
      server: this.#serverPeak || null,
    };
    for (const pid of this.#marks.keys()) resetHighWater(pid);
    this.#marks.clear();
    this.#sampled = 0;
    this.#serverPeak = 0;
    return peak;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    let own = 0;
    let mapped = 0;
    for (const pid of family(this.#pid)) {
      const status = statusOf(pid);
      own += status('RssAnon') + status('RssShmem');
      mapped = Math.max(mapped, status('RssFile'));
      this.#marks.set(pid, Math.max(this.#marks.get(pid) ?? 0, status('VmHWM')));
    }
    this.#sampled = Math.max(this.#sampled, own + mapped);
    if (this.#server === undefined) return;
    const server = family(this.#server).reduce((total, pid) => total + statusOf(pid)('RssAnon'), 0);
    this.#serverPeak = Math.max(this.#serverPeak, server);
  }
}

function family(pid: number): number[] {
  const children = readProc(`/proc/${pid}/task/${pid}/children`).trim();
  return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => family(Number(child))))];
}

/** A field of /proc/<pid>/status in bytes; 0 when the process is gone. */
function statusOf(pid: number): (field: string) => number {
  const text = readProc(`/proc/${pid}/status`);
  return (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
}

/** Writing 5 there sets VmHWM back to what is resident now. */
function resetHighWater(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // It is gone, or belongs to somebody else: its mark is too high then, never too low.
  }
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
