/** Workers of a Glue job. */
export interface GlueSize {
  readonly type: 'G.1X' | 'G.2X';
  readonly workers: number;
}

/**
 * From the uncompressed bytes of both sides. A job holds them on its disks up to three times: typed rows that memory does not
 * keep, the shuffle, and what sorting spills; each at most as large as the text. AWS says how much of a worker's disk is free:
 *
 * |      | processors | memory | free disk | share | thrice |
 * |------|------------|--------|-----------|-------|--------|
 * | G.1X | 4          | 16 GB  | 44 GB     | 10 GB | 30 GB  |
 * | G.2X | 8          | 32 GB  | 78 GB     | 20 GB | 60 GB  |
 *
 * One worker more is the driver. So 8 GB a night are 16 GB, 2 shares, 3 workers G.1X; 200 GB are 400 GB, 21 workers G.2X.
 */
export function glueSizeFor(bytes: number): GlueSize {
  const shares = Math.ceil(bytes / SHARE_BYTES);
  if (shares <= MANY) return { type: 'G.1X', workers: Math.max(FEWEST, shares + 1) };
  return { type: 'G.2X', workers: Math.min(MOST, Math.ceil(shares / 2) + 1) };
}

/** Of a G.1X; a G.2X takes two. */
const SHARE_BYTES = 10e9;
/** From so many small workers on, half as many of the double size: fewer executors shuffle with one another. */
const MANY = 10;
/** Below it, one worker would be the driver and one do all the work. */
const FEWEST = 3;
/** 200 DPUs; for many more an account has to ask AWS. From 1.98 TB on, shares grow. */
const MOST = 100;
