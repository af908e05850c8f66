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

/** A GET of AWS's REST protocol; null where there is no such thing. */
export async function restAws<Answer>({ client }: Aws, service: string, path: string): Promise<Answer | null> {
  const answer = await fetch(`${client.endpoint!}${path}`, {
    headers: { authorization: signature(client.region, service) },
  });
  if (answer.status === 404) return null;
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text) as Answer;
}

async function send(
  { client }: Aws,
  service: string,
  headers: Record<string, string>,
  body: string | URLSearchParams,
): Promise<string> {
  const authorization = signature(client.region, service);
  const answer = await fetch(client.endpoint!, { method: 'POST', headers: { authorization, ...headers }, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** The service is known by its scope. No emulator verifies it. */
function signature(region: string, service: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20261120/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}
