/** What a step moved, as far as it moves anything. */
export interface StepVolume {
  readonly bytes?: number;
  readonly rows?: number;
}

/** What the machine gave a step; null where the system does not tell. */
export interface StepUse {
  /** Of this process and those that it started. */
  readonly cpuSeconds: number;
  /** The most memory that this process and those that it started had at once, each by itself. */
  readonly peakMemoryBytes: number;
  /** What is left for files of our own, at the end. */
  readonly freeDiskBytes: number | null;
  /** Over all network interfaces of the machine, or of the container. */
  readonly receivedBytes: number | null;
  readonly sentBytes: number | null;
}

/** A step that ended, for the log of steps. */
export interface EndedStep extends StepVolume, Partial<StepUse> {
  readonly step: string;
  /** The name of its answer; absent when it failed. */
  readonly outcome?: string;
  /** The name of its error. */
  readonly error?: string;
  readonly host: string;
  /** ISO instants. */
  readonly beganAt: string;
  readonly endedAt: string;
  readonly seconds: number;
}
