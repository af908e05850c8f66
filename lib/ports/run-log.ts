import type { RunId } from '../core/run/keys.ts';
import type { LogLevel } from '../core/run/log-level.ts';
import type { LogFields } from '../core/run/log-line.ts';

/** What a process did, line by line. No call fails, because a night is not stopped by its log. */
export interface RunLog {
  /** The lines from now on are about this run, and so are those that no run has yet. */
  opens(run: RunId, attempt: number): void;
  /** The lines from now on are about this step; undefined: about none. */
  enters(step: string | undefined): void;
  tell(level: LogLevel, message: string, fields?: LogFields): void;
  /** Puts what was told where it stays. */
  keep(): Promise<void>;
}
