import { SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { refusedIn } from '../../core/cloud/put-events-answer.ts';

interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

interface Problem {
  readonly text: string;
  readonly mayPass: boolean;
}

/**
 * Puts one event on a bus; null when EventBridge took it. The request is one signed POST, which is why EventBridge's client is not among the
 * packages: the client of SNS finds credentials and region, and signs.
 */
export async function putEvents(
  entry: Entry,
  { config, endpoint }: { readonly config: SNSClientConfig; readonly endpoint: string | undefined },
): Promise<Problem | null> {
  try {
    const { url, headers, body } = await signed(JSON.stringify({ Entries: [entry] }), config, endpoint);
    const signal = AbortSignal.timeout(SECONDS * 1000);
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
    const text = await response.text();
    if (!response.ok) return problem(text, response.status >= 500 || /Throttling/.test(text));
    const refused = refusedIn(JSON.parse(text));
    return refused ? problem(`${refused.code}: ${refused.message}`, refused.code !== DENIED) : null;
  } catch (error) {
    return problem(error instanceof Error ? `${error.name}: ${error.message}` : String(error), true);
  }
}

const SECONDS = 10;
const DENIED = 'NotAuthorizedForSourceException';

const problem = (text: string, mayPass: boolean): Problem => ({ text: text.slice(0, 500), mayPass });

async function signed(body: string, clientConfig: SNSClientConfig, endpoint: string | undefined) {
  // A new client, because a client remembers the service that it signed for first, and signs everything else for it.
  const { config } = new SNSClient(clientConfig);
  const region = await config.region();
  const url = new URL(endpoint ?? `https://events.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`);
  const signer = await config.signer({ name: 'sigv4', signingName: 'events', signingRegion: region, properties: {} });
  const headers = {
    host: url.host,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AWSEvents.PutEvents',
  };
  const { hostname, pathname: path, protocol } = url;
  const request = { method: 'POST', protocol, hostname, path, query: {}, headers, body };
  const { headers: all } = await signer.sign(request as never);
  const { host: _host, ...sent } = all;
  return { url, headers: sent, body };
}
