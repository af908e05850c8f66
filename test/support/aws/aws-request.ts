import type { Aws } from './aws.ts';

/** Requests to services of an emulator for which no SDK client is installed. */

/** AWS's query protocol: parameters in, XML out. */
export async function queryAws(aws: Aws, service: string, request: Record<string, string>): Promise<string> {
  return send(aws, service, {}, new URLSearchParams(request));
}

/** AWS's JSON protocol; the target is `AmazonSQS.ReceiveMessage`, for example. */
export async function askAws<Answer>(aws: Aws, service: string, target: string, request: object): Promise<Answer> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
  return JSON.parse(await send(aws, service, headers, JSON.stringify(request))) as Answer;
}

async function send(
  { client }: Aws,
  service: string,
  headers: Record<string, string>,
  body: string | URLSearchParams,
): Promise<string> {
  // The service is known by the scope of the signature, which no emulator verifies.
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20261120/${client.region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const answer = await fetch(client.endpoint!, { method: 'POST', headers: { authorization, ...headers }, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}
