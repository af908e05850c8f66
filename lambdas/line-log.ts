import { hostname } from 'node:os';
import { parseRunName } from '../lib/core/run/keys.ts';
import type { LogLine } from '../lib/core/run/log-line.ts';
import { shownJson } from '../lib/core/shown-text.ts';
import { ToldLog } from '../lib/steps/run/told-log.ts';

/**
 * A log whose lines go to CloudWatch at once, because a function may be frozen after its answer. `run` is what a container was started
 * for: its first lines come before the ledger has told it the attempt.
 */
export function lineLog(run?: string): ToldLog {
  const started = run === undefined ? undefined : parseRunName(run);
  const owned = (line: LogLine) => (line.run === null && started ? { ...line, feed: started.feed, run } : line);
  const place = {
    add: (line: LogLine) => void process.stdout.write(`${shownJson(owned(line))}\n`),
    keep: async () => {},
  };
  return new ToldLog(place, { host: hostname(), now: () => new Date() });
}
