/** Who works on a run: enough to know at once, on the same host, that it is dead. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Boot and start time of the process: tells it from a later one with the same id. */
  readonly started: string;
}
