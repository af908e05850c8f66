import { StateMachine } from 'aws-local-stepfunctions';
import { environmentNames } from '../../../lib/core/cloud/environment-names.ts';
import type { ExecutionInput } from '../../../lib/core/cloud/events.ts';
import { stepsIn } from '../../../lib/core/workflow/processes.ts';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import type { Definition } from '../../infra/asl.ts';

/** Functions and containers by their name, such as `claim` and `pull`. A container gets what its environment says. */
export type Processes = (name: string, event: unknown) => Promise<unknown>;

export interface Executed {
  /** Steps, and looks for claim, in the order in which they were begun, without what was tried again. */
  readonly trace: readonly string[];
  /** The last state. */
  readonly state: string;
  /** Of an execution that failed. */
  readonly error: { readonly name: string; readonly cause: string } | null;
  /** Attempts by state, where there was more than one. */
  readonly attempts: Readonly<Record<string, number>>;
}

/** Runs a synthesised state machine in this process, without its pauses. */
export async function executeDefinition(
  definition: Definition,
  execution: string,
  input: ExecutionInput,
  processes: Processes,
): Promise<Executed> {
  const tasks = Object.entries(definition.States).filter(([, { Type }]) => Type === 'Task');
  const calls = tasks.map(([state, { Resource = '', Parameters }]) => {
    if (Resource.startsWith('arn:aws:lambda:'))
      return { state, name: nameIn(Resource), begins: Parameters.step, eventOf: (given: unknown) => given };
    const name = nameIn(Parameters.TaskDefinition);
    return { state, name, begins: stepsIn(name)[0], eventOf: environmentOf };
  });
  const machine = new StateMachine(withoutDefaults(definition) as never);
  const { result, eventLogs } = machine.run(input as never, {
    context: { Execution: { Id: execution } },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        calls.map(({ state, name, eventOf }) => [state, async (given) => answerOf(processes(name, eventOf(given)))]),
      ),
      waitTimeOverrides: { Wait: 0 },
      retryIntervalOverrides: Object.fromEntries(tasks.map(([state]) => [state, 0])),
    },
  });
  result.catch(() => {});
  const steps = new Map(calls.map(({ state, name, begins }) => [state, begins ?? name]));
  const trace: string[] = [];
  const attempts: Record<string, number> = {};
  let state = '';
  let error: Executed['error'] = null;
  for await (const event of eventLogs) {
    if (event.type === 'StateEntered') {
      state = event.state.name;
      const step = steps.get(state);
      // The state after a container asks for a step that the container has begun; of several steps it is the first sign.
      const isAnswer = calls.some((call) => call.state === state && call.name === 'outcome');
      if (step && isStep(step) && !(isAnswer && trace.at(-1) === step)) trace.push(step);
    }
    if (event.type === 'StateRetried') attempts[event.state.name] = (attempts[event.state.name] ?? 1) + 1;
    if (event.type === 'ExecutionFailed') error = { name: event.Error, cause: String(event.Cause) };
  }
  return { trace, state, error, attempts };
}

/** `$` is what a ResultPath is without being given; aws-local-stepfunctions takes it for the name of a field. */
function withoutDefaults(definition: Definition): Definition {
  return JSON.parse(JSON.stringify(definition), (name, value) =>
    name === 'ResultPath' && value === '$' ? undefined : value,
  );
}

/** As Lambda and ECS say it: JSON, or a name with a cause that is JSON. */
async function answerOf(process: Promise<unknown>) {
  try {
    return JSON.parse(JSON.stringify((await process) ?? null));
  } catch (thrown) {
    const { name, message, stack = '' } = thrown as Error;
    // Of a state that took too long, AWS says only the name of the error.
    if (name === 'States.Timeout') throw Object.assign(new Error(), { name, message: undefined });
    const cause = { errorType: name, errorMessage: message, trace: stack.split('\n') };
    throw Object.assign(new Error(JSON.stringify(cause)), { name });
  }
}

/** nightfeed-prod-shop-claim, with or without an ARN before it. */
function nameIn(reference: string): string {
  return /[^-]+$/.exec(reference)![0];
}

function environmentOf(given: unknown): unknown {
  const { Overrides } = given as {
    Overrides: { ContainerOverrides: { Environment: { Name: string; Value: string }[] }[] };
  };
  const environment = new Map(Overrides.ContainerOverrides[0]!.Environment.map(({ Name, Value }) => [Name, Value]));
  return { run: environment.get(environmentNames.run), execution: environment.get(environmentNames.execution) };
}

function isStep(name: string): boolean {
  return name === 'look' || (stepNames as readonly string[]).includes(name);
}
