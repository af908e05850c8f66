import { resourcesOf, type Template } from './synthesised.ts';

interface Edge {
  readonly ErrorEquals: readonly string[];
  readonly Next?: string;
  readonly MaxAttempts?: number;
}

export interface State {
  readonly Type: 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Succeed' | 'Fail';
  readonly Next?: string;
  readonly Resource?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a task is given has the form that its service documents
  readonly Parameters?: any;
  readonly TimeoutSeconds?: number;
  readonly QueryLanguage?: string;
  readonly HeartbeatSeconds?: number;
  readonly Choices?: readonly { readonly StringEquals: string; readonly Variable: string; readonly Next: string }[];
  readonly Default?: string;
  readonly Retry?: readonly Edge[];
  readonly Catch?: readonly Edge[];
}

export interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly QueryLanguage?: string;
  readonly States: Readonly<Record<string, State>>;
}

/** The only state machine of a pipeline's template, with the names of functions and task families instead of references. */
export function definitionOf(template: Template | undefined): Definition {
  const [machine] = resourcesOf(template, 'AWS::StepFunctions::StateMachine');
  const parts: unknown[] = machine!.Properties.DefinitionString['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : nameOf(part, template!))).join(''));
}

/** The process of the container that a state starts, such as `publish`. */
export function containerOf({ Parameters }: State): string {
  return /[^-]+$/.exec(Parameters.TaskDefinition)![0];
}

function nameOf(reference: unknown, { Resources }: Template): string {
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = reference as Record<string, unknown>;
  if (Array.isArray(attribute))
    return `arn:aws:lambda:eu-west-1:123456789012:function:${Resources[attribute[0]]?.Properties.FunctionName}`;
  if (Ref === 'AWS::Partition') return 'aws';
  return String(Resources[String(Ref)]?.Properties.Family ?? Ref ?? imported);
}
