/** What a task gets. */
export interface TaskSize {
  /** CPU units; 1024 is one processor. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** GiB of disk, which is deleted with the task. */
  readonly storage: number;
}

const upTo = (from: number, to: number, step: number) =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

/** Sizes with one processor or more, from https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html. */
export const fargateSizes = [
  { cpu: 1024, memory: upTo(2048, 8192, 1024) },
  { cpu: 2048, memory: upTo(4096, 16_384, 1024) },
  { cpu: 4096, memory: upTo(8192, 30_720, 1024) },
  { cpu: 8192, memory: upTo(16_384, 61_440, 4096) },
] as const;

/** Fargate's largest disk, in GiB. */
const MAX_STORAGE = 200;
/** GiB for the image, logs and other things that do not grow with the delivery. */
const FIXED_STORAGE = 20;
/**
 * GiB for both sides as parts, compressed to half at most, and for what DuckDB writes to disk when it has to join both sides whole: 42 GB
 * were measured for 8.8 GB a side (docs/scale.md).
 */
const STORAGE_PER_GIGABYTE = 6;

/** Deliveries of more gigabytes than this do not fit one task. */
export const MAX_GIGABYTES = (MAX_STORAGE - FIXED_STORAGE) / STORAGE_PER_GIGABYTE;

/**
 * The size of a task for the decompressed size of a delivery. The engine uses a share of the memory and writes the rest to disk, so more
 * memory and processors only make it faster: two processors compare 8 GB or 90 million rows in about a minute.
 */
export function taskSizeFor(gigabytes: number): TaskSize {
  const storage = Math.min(MAX_STORAGE, Math.ceil(FIXED_STORAGE + STORAGE_PER_GIGABYTE * Math.max(gigabytes, 1)));
  if (gigabytes <= 1) return { cpu: 1024, memory: 4096, storage };
  if (gigabytes <= 10) return { cpu: 2048, memory: 8192, storage };
  return { cpu: 4096, memory: 16_384, storage };
}
