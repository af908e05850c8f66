import type { Look } from '../../core/delivery/readiness.ts';
import type { Ports } from '../../ports/ports.ts';
import { retrying } from '../run/retry.ts';
import type { OpenRun } from '../run/run-request.ts';

type Clocks = Pick<Ports, 'sightings' | 'now' | 'elapsed' | 'sleep' | 'say'>;

/** How long our looks have shown the same files: by a monotonic clock within a process, and by the wall clock between processes. */
export class Settling {
  readonly #open: Pick<OpenRun, 'run' | 'fence'>;
  readonly #ports: Clocks;
  #seen: { readonly sight: string; readonly since: number } | undefined;

  private constructor(open: Pick<OpenRun, 'run' | 'fence'>, ports: Clocks, seen: Settling['steady'] | undefined) {
    this.#open = open;
    this.#ports = ports;
    this.#seen = seen && { sight: seen.sight, since: ports.elapsed() - seen.seconds * 1000 };
  }

  /** Continues from the sighting of an earlier process, unless the clock was set back since, because then its age is unknown. */
  static async of(open: Pick<OpenRun, 'run' | 'fence'>, ports: Clocks): Promise<Settling> {
    const last = await retrying(ports, () => ports.sightings.last(open.run));
    const seconds = last ? (ports.now().getTime() - Date.parse(last.at)) / 1000 : -1;
    return new Settling(open, ports, last && seconds >= 0 ? { sight: last.sight, seconds } : undefined);
  }

  get steady(): Look['steady'] {
    return this.#seen && { sight: this.#seen.sight, seconds: (this.#ports.elapsed() - this.#seen.since) / 1000 };
  }

  async saw(sight: string): Promise<void> {
    if (sight === this.#seen?.sight) return;
    const { sightings: looks, now, elapsed } = this.#ports;
    this.#seen = { sight, since: elapsed() };
    await retrying(this.#ports, () => looks.keep(this.#open.run, this.#open.fence, { sight, at: now().toISOString() }));
  }
}
