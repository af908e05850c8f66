/** Workers of a Glue job. */
export interface GlueSize {
  readonly type: 'G.1X' | 'G.2X';
  readonly workers: number;
}

/** Uncompressed bytes of both sides for a worker of 4 processors, 16 GB and 94 GB of disk: what it types and spills fits thrice. */
const WORKER_BYTES = 10e9;
/** From so many small workers on, half as many of the double size: fewer executors shuffle with one another. */
const MANY = 10;
/** Below it, one worker would be the driver and one do all the work. */
const FEWEST = 3;
/** What an account may have without asking AWS for more. */
const MOST = 100;

/** From the bytes that have to be compared; one worker more is the driver. */
export function glueSizeFor(bytes: number): GlueSize {
  const needed = Math.ceil(bytes / WORKER_BYTES);
  if (needed <= MANY) return { type: 'G.1X', workers: Math.max(FEWEST, needed + 1) };
  return { type: 'G.2X', workers: Math.min(MOST, Math.ceil(needed / 2) + 1) };
}
