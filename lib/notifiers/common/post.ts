import ky, { HTTPError } from 'ky';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import { withoutSecrets } from '../../core/without-secrets.ts';

interface Request {
  /** Whose address it is, for messages: the address itself may be the secret. */
  readonly of: string;
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What no answer may bring back into a message of ours, beside the address. */
  readonly secrets?: readonly string[];
}

/** A channel that takes longer is down; a night's end must not wait for it. */
const PATIENCE_MS = 10_000;
const REFUSAL_CHARACTERS = 160;
/** Statuses that say nothing about the message. */
const BUSY = [408, 429];

/**
 * Posts JSON, and tries again where the receiver says that it may help. Throws NOTIFIER_UNAVAILABLE, or MESSAGE_REFUSED where the receiver
 * does not take this message, with the status and the beginning of the answer.
 */
export async function post({ of, url, body, headers = {}, secrets = [] }: Request): Promise<void> {
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
    const status = thrown instanceof HTTPError ? thrown.response.status : 0;
    const name = status >= 400 && status < 500 && !BUSY.includes(status) ? 'MESSAGE_REFUSED' : 'NOTIFIER_UNAVAILABLE';
    throw new NightfeedError(name, `${of} did not take the message: ${reasonOf(thrown, [url, ...secrets])}`);
  }
}

function reasonOf(thrown: unknown, secrets: readonly string[]): string {
  if (thrown instanceof HTTPError) {
    const answer = typeof thrown.data === 'string' ? textOf(thrown.data) : JSON.stringify(thrown.data ?? '');
    const said = withoutSecrets(answer, secrets).trim();
    const status = `it answered ${thrown.response.status}`;
    return said === '' || said === '""' ? status : `${status} ${excerpt(said, REFUSAL_CHARACTERS)}`;
  }
  const { name } = thrown as Error;
  return codeOf(thrown) ?? (name === 'TimeoutError' ? `no answer within ${PATIENCE_MS / 1000} s` : name);
}

/** An error page is a page; its words are enough. */
function textOf(answer: string): string {
  return answer
    .slice(0, 10_000)
    .replace(/<[^>]{0,1000}>/g, ' ')
    .replace(/\s+/g, ' ');
}

/** Such as ECONNREFUSED, which stands somewhere among the causes. */
function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  return (thrown as { code?: string }).code ?? codeOf(thrown.cause);
}
