/** A line beside the data that was left out, although nothing proves that it is no data. */
export interface LeftOut {
  readonly option: 'leader' | 'trailer' | 'skip.head' | 'skip.until' | 'skip.tail';
  readonly line: Buffer;
  /** What it is as, where a pattern says so. */
  readonly pattern?: string;
}

/** A line that is as a pattern says. A pattern without `*` says all of the line, so that nothing is left to look at. */
export function leftOutAs(option: 'leader' | 'trailer', pattern: string, line: Buffer): LeftOut[] {
  return pattern.includes('*') ? [{ option, line, pattern }] : [];
}
