import { z } from 'zod';
import { shownText } from '../shown-text.ts';
import { isAtLeast, type LogLevel, logLevels } from './log-level.ts';

/** One line of a run's log: a contract, in the lake, in `logs --json` and in CloudWatch. */
const logLine = z.object({
  /** ISO instant. */
  time: z.iso.datetime(),
  level: z.enum(logLevels),
  /** null before the process has a run. */
  feed: z.string().nullable(),
  run: z.string().nullable(),
  step: z.string().nullable(),
  /** Which opening of the run it is, as in the ledger. */
  attempt: z.number().nullable(),
  host: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export type LogLine = z.output<typeof logLine>;
export type LogFields = LogLine['fields'];

/** The line that a text is; undefined for one that is none, because it was cut or comes from a later version. */
export function parseLogLine(text: string): LogLine | undefined {
  try {
    return logLine.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Characters of a message, or of a field. A message that holds a vendor's names may be long. */
const MOST_CHARACTERS = 2000;

/** The line with texts of bounded length. */
export function boundedLine(line: LogLine): LogLine {
  const fields = Object.entries(line.fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? shownText(value, MOST_CHARACTERS) : value,
  ]);
  return { ...line, message: shownText(line.message, MOST_CHARACTERS), fields: Object.fromEntries(fields) };
}

export interface WantedLines {
  readonly step?: string | undefined;
  /** These and graver ones. */
  readonly level?: LogLevel | undefined;
}

export function isWanted({ step, level }: LogLine, wanted: WantedLines): boolean {
  return (wanted.step === undefined || step === wanted.step) && isAtLeast(level, wanted.level ?? 'info');
}
