/**
 * Lambda's runtime for one handler: takes invocations as JSON lines on standard input, replies as JSON lines on the file
 * descriptor that it is given.
 */
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

interface Invocation {
  readonly id: string;
  readonly arn: string;
  /** JSON. */
  readonly event: string;
  /** Seconds. */
  readonly timeout: number;
}

type Handler = (event: unknown, context: object) => unknown;

const { LAMBDA_TASK_ROOT = '', _HANDLER = '', ...environment } = process.env;
const replies = Number(process.argv[2]);
const reply = (answer: object) => writeSync(replies, `${JSON.stringify(answer)}\n`);

const loading = load();
// A handler that cannot be loaded fails each invocation.
loading.catch(() => {});
await Promise.allSettled([loading]);
reply({ isReady: true });

for await (const line of createInterface({ input: process.stdin })) {
  const invocation = JSON.parse(line) as Invocation;
  try {
    const handler = await loading;
    const result = await handler(JSON.parse(invocation.event || 'null'), contextOf(invocation));
    reply({ result: JSON.stringify(result ?? null) });
  } catch (error) {
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    reply({ error: { errorType: name, errorMessage: message, trace: stack.split('\n') } });
  }
}
process.exit();

async function load(): Promise<Handler> {
  const [file = '', name = ''] = _HANDLER.split('.');
  const path = ['.js', '.mjs', '.cjs'].map((suffix) => join(LAMBDA_TASK_ROOT, file + suffix)).find(existsSync);
  if (!path) throw new Error(`no module ${file} in ${LAMBDA_TASK_ROOT}`);
  const module = await import(pathToFileURL(path).href);
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== 'function') throw new Error(`${_HANDLER} is not an exported function`);
  return handler;
}

function contextOf({ id, arn, timeout }: Invocation) {
  const deadline = Date.now() + timeout * 1000;
  return {
    awsRequestId: id,
    invokedFunctionArn: arn,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
