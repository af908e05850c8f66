import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Calls another function of this deployment. Resolves to its answer as text; throws its error under the error's name. */
export async function invoke(name: string, event: object): Promise<string> {
  const call = { FunctionName: name, Payload: JSON.stringify(event) };
  const { FunctionError, Payload } = await new LambdaClient().send(new InvokeCommand(call));
  const text = Payload?.transformToString() ?? '';
  if (FunctionError === undefined) return text;
  const { errorType = FunctionError, errorMessage = text } = JSON.parse(text);
  throw Object.assign(new Error(errorMessage), { name: errorType });
}
