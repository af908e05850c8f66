import { signedQuery } from './signed-query.ts';

const ROLLBACK = /<StackStatus>UPDATE_ROLLBACK_IN_PROGRESS</;

/**
 * Whether CloudFormation takes a deployment of this stack back. A custom resource is not told: it gets an update with the properties of
 * before. When CloudFormation does not answer, nobody knows, and it counts as a deployment. `endpoint` is one
 * instead of CloudFormation's own, for tests.
 */
export async function isTakenBack(stack: string, endpoint?: string): Promise<boolean> {
  const body = new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: stack }).toString();
  try {
    const { hostname, headers } = await signedQuery('cloudformation', body);
    const answer = await fetch(endpoint ?? `https://${hostname}/`, { method: 'POST', headers, body });
    return answer.ok && ROLLBACK.test(await answer.text());
  } catch {
    return false;
  }
}
