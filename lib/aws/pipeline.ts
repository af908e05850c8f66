import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { namesOf } from '../core/cloud/cloud-names.ts';
import {
  type AboutAnswer,
  type Asked,
  askedOf,
  type ExecutionInput,
  isQuestion,
  type OperatorEvent,
} from '../core/cloud/events.ts';
import { isErrorName, NightfeedError } from '../core/errors.ts';
import { awsError } from './aws-error.ts';
import { type CallerProof, functionArnOf, proveCaller } from './caller.ts';
import { type Ended, followExecution } from './execution.ts';

/** A deployed pipeline, as the command line sees it. */
export interface Pipeline {
  /** Calls the function reader or operator, whichever answers this, and returns its answer. Throws its errors. */
  ask<Answer>(event: OperatorEvent): Promise<Answer>;
  /** The same for a decision, in the name of the identity that the credentials belong to. */
  decide<Answer>(asked: Asked): Promise<Answer>;
  /** ARN of the execution. */
  start(input: ExecutionInput, name?: string): Promise<string>;
  /** Follows an execution until it ends; `enter` is called with each state. */
  follow(execution: string, enter: (state: string) => void): Promise<Ended>;
}

/**
 * The pipeline of a stack, `<stage>-<feed>`, in the account and region that the environment is signed in to. `endpoint` replaces AWS's own
 * addresses, for tests.
 */
export function pipelineOf(stack: string, endpoint?: string): Pipeline {
  const [lambda, states] = [new LambdaClient({}), new SFNClient({})];
  const { operator, reader } = namesOf(stack);

  async function ask<Answer>(event: OperatorEvent): Promise<Answer> {
    const name = isQuestion(event) ? reader : operator;
    const asking = lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }));
    const { FunctionError, Payload } = await asking.catch((error: unknown) => {
      throw awsError(error, `the function ${name}`);
    });
    const answer: unknown = JSON.parse(Payload?.transformToString() || 'null');
    if (FunctionError) throw thrownBy(name, answer as Thrown);
    return answer as Answer;
  }

  // Bound to the ARN, so that a function of the same name in another account or region cannot use the proof.
  async function proofFor(asked: Asked): Promise<CallerProof> {
    return proveCaller({}, askedOf(await functionArnOf(operator, {}, endpoint), asked));
  }

  return {
    ask,
    async decide(asked) {
      const proof = await proofFor(asked).catch((error: unknown) => {
        throw awsError(error, 'a signature');
      });
      return ask({ ...asked, proof } as OperatorEvent);
    },
    async start(input, name) {
      const { stateMachine } = await ask<AboutAnswer>({ command: 'about' });
      const command = new StartExecutionCommand({
        stateMachineArn: stateMachine,
        input: JSON.stringify(input),
        ...(name === undefined ? {} : { name }),
      });
      const { executionArn } = await states.send(command).catch((error: unknown) => {
        throw awsError(error, `the state machine ${stateMachine}`);
      });
      return executionArn!;
    },
    follow: (execution, enter) => followExecution(states, execution, enter),
  };
}

interface Thrown {
  readonly errorType?: string;
  readonly errorMessage?: string;
}

function thrownBy(name: string, { errorType = '', errorMessage = '' }: Thrown): NightfeedError {
  if (isErrorName(errorType)) return new NightfeedError(errorType, errorMessage);
  return new NightfeedError('UNFORESEEN', `${name} failed: ${errorType} ${errorMessage}`);
}
