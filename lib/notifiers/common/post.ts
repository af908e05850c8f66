import ky, { HTTPError } from 'ky';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';

interface Request {
  /** Whose address it is, for messages: the address itself may be the secret. */
  readonly of: string;
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A channel that takes longer is down; a night's end must not wait for it. */
const PATIENCE_MS = 10_000;
const REFUSAL_CHARACTERS = 200;

/**
 * Posts JSON, and tries again where the receiver says that it may help. Throws NOTIFIER_UNAVAILABLE with the status and the beginning of
 * the answer, never with the address.
 */
export async function post({ of, url, body, headers = {} }: Request): Promise<void> {
  try {
    await ky.post(url, {
      body,
      headers: { 'content-type': 'application/json', ...headers },
      // Another host would get the message, and the secret in its address.
      redirect: 'error',
      timeout: PATIENCE_MS,
      retry: { limit: 2, methods: ['post'], backoffLimit: 2000, maxRetryAfter: PATIENCE_MS },
    });
  } catch (thrown) {
    throw new NightfeedError('NOTIFIER_UNAVAILABLE', `${of} did not take the message: ${await reasonOf(thrown)}`);
  }
}

async function reasonOf(thrown: unknown): Promise<string> {
  if (thrown instanceof HTTPError) {
    const answer = typeof thrown.data === 'string' ? thrown.data : JSON.stringify(thrown.data ?? '');
    return `it answered ${thrown.response.status} ${excerpt(answer, REFUSAL_CHARACTERS)}`;
  }
  const { name } = thrown as Error;
  return codeOf(thrown) ?? (name === 'TimeoutError' ? `no answer within ${PATIENCE_MS / 1000} s` : name);
}

/** Such as ECONNREFUSED, which stands somewhere among the causes. */
function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  return (thrown as { code?: string }).code ?? codeOf(thrown.cause);
}
