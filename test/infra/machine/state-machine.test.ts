import validate from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { stopStates } from '../../../lib/core/cloud/events.ts';
import { type ErrorName, errorKinds } from '../../../lib/core/error-kinds.ts';
import { processes } from '../../../lib/core/workflow/processes.ts';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import { containerOf, definitionOf, type State } from '../asl.ts';
import { appOf, templatesOf } from '../synthesised.ts';

const definition = definitionOf(templatesOf(appOf())['nightfeed-prod-Pipeline-catalog']);
const { States } = definition;
const entries = Object.entries(States);
const tasks = entries.filter(([, { Type }]) => Type === 'Task');

/** What AWS throws by itself. */
const awsErrors =
  /^(States\.(ALL|TaskFailed|Timeout)|Lambda\.(ClientExecutionTimeoutException|ServiceException|AWSLambdaException|SdkClientException|TooManyRequestsException|Unknown)|Sandbox\.Timedout|Runtime\.ExitError)$/;

/** States after a container, which ask the ledger what came of it. */
const outcomes: Record<string, string> = { Pulled: 'pull', Compared: 'diff', Committed: 'publish', Tidied: 'tidy' };

describe('the state machine', () => {
  test('is valid ASL in JSONPath', () => {
    const { isValid, errorsText } = validate(definition);
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
    expect(entries.filter(([, state]) => (state.QueryLanguage ?? 'JSONPath') !== 'JSONPath')).toEqual([]);
    expect(definition.QueryLanguage ?? 'JSONPath').toBe('JSONPath');
  });

  test('has no dangling edge, and no state that nothing leads to', () => {
    const targets = new Set([definition.StartAt, ...entries.flatMap(([, state]) => waysOf(state))]);
    expect([...targets].sort()).toEqual(Object.keys(States).sort());
  });

  test('goes through the steps of lib/workflows/night.ts in their order', () => {
    const trace = happyTrace();
    expect(trace).toEqual([
      ...['Claim', 'Opened?', 'Arrive', 'Arrived?', 'Pull', 'Pulled', 'Compared', 'Changed?', 'Guard', 'Pass?'],
      ...['Publish', 'Committed', 'Notify', 'Tidy', 'Tidied', 'Published'],
    ]);
    const steps = trace.flatMap((name) => outcomes[name] ?? (States[name]!.Type === 'Task' ? name.toLowerCase() : []));
    expect([...new Set(steps)]).toEqual(stepNames);
  });

  test('a container of several steps may take as long as all of them, and a round after another publication compares alone', () => {
    expect([containerOf(States.Pull!), containerOf(States.Diff!)]).toEqual(['intake', 'diff']);
    expect(States.Pull!.TimeoutSeconds).toBe(processes.pull.seconds + processes.diff.seconds);
    expect([States.Pulled!.Next, States.Diff!.Next]).toEqual(['Compared', 'Compared']);
  });

  test.each(tasks)('%s ends by itself, and its errors are caught', (_name, state) => {
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
    expect(state.TimeoutSeconds).toBeLessThan(definition.TimeoutSeconds);
    expect(state.HeartbeatSeconds).toBeUndefined();
    expect(state.Retry?.length).toBeGreaterThan(0);
  });

  test.each(tasks.filter(([name]) => !name.startsWith('Stop')))('%s leads every error somewhere', (_name, state) => {
    expect(state.Catch?.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
  });
});

describe('errors', () => {
  const named = entries.flatMap(([state, { Retry = [], Catch = [] }]) =>
    [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals.map((error) => ({ state, error }))),
  );

  test('an edge names an error that exists', () => {
    expect(named.filter(({ error }) => !(error in errorKinds) && !awsErrors.test(error))).toEqual([]);
  });

  test.each(Object.keys(errorKinds) as ErrorName[])('%s ends in an outcome, from every step', (error) => {
    for (const step of ['Claim', 'Look', 'Claim again', 'Arrive', 'Pulled', 'Compared', 'Guard', 'Committed']) {
      const state = step === 'Committed' && error === 'BASE_MOVED' ? 'Diff' : 'Stop';
      const reached = catcherOf(States[step]!, error);
      expect(/^(Claim|Look)/.test(step) ? reached?.replace(' unopened', '') : reached).toBe(state);
    }
    const { state } = errorKinds[error];
    // Wrong use is no state of a run: such a run has failed.
    const outcome = choiceOf('Stopped?', state === 'usage' ? 'failed' : state) ?? '';
    const ends =
      States[outcome]?.Type === 'Choice' ? waysOf(States[outcome]).map((way) => States[way]!.Next ?? way) : [outcome];
    expect(ends.map((end) => States[end]?.Type)).toEqual(ends.map(() => 'Fail'));
  });

  test('every state of a stopped run has an edge, and every edge a state', () => {
    const choices = States['Stopped?']!.Choices!.map(({ StringEquals }) => StringEquals);
    expect(choices.sort()).toEqual([...stopStates].sort());
  });

  test('functions retry what may pass, containers what killed them, and neither what will not pass', () => {
    const transient = (Object.keys(errorKinds) as ErrorName[]).filter((name) => errorKinds[name].retry === 'transient');
    for (const [name, { Retry = [], Resource }] of tasks) {
      const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals).filter((error) => error in errorKinds);
      const busy = name.startsWith('Claim') ? ['BUSY'] : [];
      expect(retried.sort(), name).toEqual(Resource?.includes('ecs') ? [] : [...transient, ...busy].sort());
    }
  });

  test('after the commit nothing fails a night', () => {
    expect(catcherOf(States.Notify!, 'UNFORESEEN')).toBe('Tidy');
    expect(catcherOf(States.Tidy!, 'UNFORESEEN')).toBe('Published');
    expect(catcherOf(States.Tidied!, 'UNFORESEEN')).toBe('Published');
    expect(choiceOf('Stopped?', 'published')).toBe('Notify');
  });
});

function waysOf({ Next, Default, Choices = [], Catch = [] }: State): string[] {
  return [Next, Default, ...Choices.map((each) => each.Next), ...Catch.map((each) => each.Next)].filter(
    (name): name is string => name !== undefined,
  );
}

/** From the start along what good answers choose. */
function happyTrace(): string[] {
  const good: Record<string, string> = {
    'Opened?': 'opened',
    'Arrived?': 'arrived',
    'Changed?': 'compared',
    'Pass?': 'pass',
  };
  const trace: string[] = [];
  for (let name: string | undefined = definition.StartAt; name; ) {
    trace.push(name);
    const answer: string | undefined = good[name];
    name = answer ? choiceOf(name, answer) : States[name]!.Next;
  }
  return trace;
}

function choiceOf(name: string, answer: string): string | undefined {
  return States[name]!.Choices!.find(({ StringEquals }) => StringEquals === answer)?.Next;
}

function catcherOf({ Catch = [] }: State, error: string): string | undefined {
  return Catch.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'))?.Next;
}
