import ky from 'ky';

const BEAT_MS = 60_000;
const PATIENCE_MS = 10_000;

interface Beating {
  readonly isWell: () => boolean;
  /** Is told once why the address could not be asked; never with the address, which is a secret. */
  readonly say: (trouble: string) => void;
}

/** Asks, each minute while all is well, the address of a service that tells people when nobody asks any more. Answers how to end it. */
export function startHeartbeat(url: string, { isWell, say }: Beating): () => void {
  let last: string | null = null;
  const beat = async () => {
    if (!isWell()) return;
    const trouble = await ask(url);
    if (trouble !== null && trouble !== last) say(`the heartbeat was not taken: ${trouble}`);
    last = trouble;
  };
  void beat();
  const timer = setInterval(() => void beat(), BEAT_MS);
  return () => clearInterval(timer);
}

/** Resolves to why nobody took it; null when somebody did. */
async function ask(url: string): Promise<string | null> {
  try {
    await ky.get(url, { redirect: 'error', timeout: PATIENCE_MS, retry: 1 });
    return null;
  } catch (thrown) {
    const { name, response } = thrown as { name: string; response?: { status: number } };
    if (response) return `it answered ${response.status}`;
    return name === 'TimeoutError' ? `no answer within ${PATIENCE_MS / 1000} s` : 'it could not be reached';
  }
}
