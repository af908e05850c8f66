/** The night, in order. */
export const stepNames = ['claim', 'arrive', 'pull', 'diff', 'guard', 'publish', 'notify', 'tidy'] as const;
export type StepName = (typeof stepNames)[number];

/** Steps that run as a container task. They write their outcome to the ledger, because a task can answer nothing but an exit code. */
export const taskNames = ['pull', 'diff', 'publish', 'tidy'] as const satisfies readonly StepName[];
export type TaskName = (typeof taskNames)[number];

export function isTask(name: string): name is TaskName {
  return (taskNames as readonly string[]).includes(name);
}
