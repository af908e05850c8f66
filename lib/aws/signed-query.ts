import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';

interface SignedQuery {
  readonly hostname: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Signs a request of AWS's query protocol, for services that need no client of their own, with the credentials that a client of this
 * configuration finds.
 */
export async function signedQuery(
  service: string,
  body: string,
  { config: clientConfig = {}, headers = {} }: { config?: LambdaClientConfig; headers?: Record<string, string> } = {},
): Promise<SignedQuery> {
  // A new client, because a client remembers the service that it signed for first, and signs everything else for it.
  const { config } = new LambdaClient(clientConfig);
  const region = await config.region();
  const hostname = queryHost(service, region);
  const signer = await config.signer({ name: 'sigv4', signingName: service, signingRegion: region, properties: {} });
  const given = {
    host: hostname,
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    ...headers,
  };
  const request = { method: 'POST', protocol: 'https:', hostname, path: '/', query: {}, headers: given, body };
  const signed = await signer.sign(request as never);
  return { hostname, headers: signed.headers };
}

export function queryHost(service: string, region: string): string {
  return `${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
