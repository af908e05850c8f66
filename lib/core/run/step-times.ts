/** When a step of a run was at work. */
export interface StepTime {
  /** ISO instant at which it was begun last. */
  readonly began: string;
  /** ISO instant at which that ended, well or badly; null while it is at work, and when its process died. */
  readonly ended: string | null;
  /** How often it was begun. */
  readonly attempts: number;
}

/** By step. */
export type StepTimes = Readonly<Record<string, StepTime>>;

/** What its last attempt took; null when it has not ended. */
export function secondsOf({ began, ended }: StepTime): number | null {
  return ended === null ? null : (Date.parse(ended) - Date.parse(began)) / 1000;
}
