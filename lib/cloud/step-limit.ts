import { NightfeedError } from '../core/errors.ts';
import { processes, type TaskName } from '../core/workflow/processes.ts';

/** Throws EXECUTION_DIED when a step takes longer than it may: AWS knows only the time of all steps of the container. */
export async function inTime<T>(step: TaskName, work: Promise<T>): Promise<T> {
  const { seconds } = processes[step];
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    const late = () => reject(new NightfeedError('EXECUTION_DIED', `${step} took longer than ${seconds / 3600} hours`));
    timer = setTimeout(late, seconds * 1000);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
