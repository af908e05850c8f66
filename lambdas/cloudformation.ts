import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { shownLines } from '../lib/core/shown-text.ts';
import { log } from './compose.ts';
import { withStray } from './stray.ts';

/** CloudFormation takes 4 KB for the whole answer, and waits for an hour for one that fits. */
const REASON_BYTES = 2048;

/**
 * A handler for a custom resource of CloudFormation: does the work at each deployment and answers, good or bad. Removing the
 * resource does nothing: what was deployed holds data, or belongs to it.
 */
export function customResource(work: (properties: unknown) => Promise<{ readonly id: string }>) {
  return async (event: CloudFormationCustomResourceEvent): Promise<void> => {
    const { RequestType, ResourceProperties } = event;
    try {
      if (RequestType === 'Delete') return await answer(event, { Status: 'SUCCESS', id: event.PhysicalResourceId });
      const { id } = await withStray(() => work(ResourceProperties));
      await answer(event, { Status: 'SUCCESS', id });
    } catch (error) {
      const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      log(told);
      const Reason = shownLines(told, REASON_BYTES);
      await answer(event, {
        Status: 'FAILED',
        Reason,
        id: RequestType === 'Create' ? 'none' : event.PhysicalResourceId,
      });
    }
  };
}

interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  /** Another id than before means another resource; the old one is then deleted. */
  readonly id: string;
}

/** CloudFormation waits for a PUT to an address of its own, which is signed for an empty content type. */
async function answer(
  { ResponseURL, StackId, RequestId, LogicalResourceId }: CloudFormationCustomResourceEvent,
  { id, ...result }: Answer,
): Promise<void> {
  const body = JSON.stringify({ ...result, PhysicalResourceId: id, StackId, RequestId, LogicalResourceId });
  const response = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!response.ok) throw new Error(`CloudFormation did not take the answer: HTTP ${response.status}`);
}
