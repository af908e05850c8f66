import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { isTakenBack } from '../../lib/aws/taken-back.ts';
import { shownLines } from '../../lib/core/shown-text.ts';
import { log } from '../compose.ts';
import { withStray } from '../stray.ts';

/** CloudFormation accepts 4 KB for the whole answer, and ignores a longer one until it times out after an hour. */
const REASON_BYTES = 2048;

/** Whether the resource was there before. */
type Again = { readonly again?: true };

/**
 * A handler for a custom resource of CloudFormation. It does the work at each deployment and answers whether it succeeded. Removing the
 * resource does nothing, because what was deployed has data, or belongs to data. While CloudFormation takes a deployment back, the work is
 * done as far as it can be: what fails is only said, because a failure would leave the stack in a state that nobody can deploy to.
 */
export function customResource(work: (properties: unknown, again: Again) => Promise<{ readonly id: string }>) {
  return async (event: CloudFormationCustomResourceEvent): Promise<void> => {
    const { RequestType, ResourceProperties } = event;
    try {
      if (RequestType === 'Delete') return await answer(event, { Status: 'SUCCESS', id: event.PhysicalResourceId });
      const { id } = await withStray(() => work(ResourceProperties, RequestType === 'Update' ? { again: true } : {}));
      await answer(event, { Status: 'SUCCESS', id });
    } catch (error) {
      const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      log(told);
      const Reason = shownLines(told, REASON_BYTES);
      if (RequestType === 'Update' && (await isTakenBack(event.StackId, process.env.AWS_ENDPOINT_URL))) {
        log('note: this deployment is being taken back, and goes on without it');
        return await answer(event, { Status: 'SUCCESS', Reason, id: event.PhysicalResourceId });
      }
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
  /** A new id means a new resource; CloudFormation then deletes the old one. */
  readonly id: string;
}

/** CloudFormation waits for a PUT to the address that it sent. The signature of the address demands an empty content type. */
async function answer(
  { ResponseURL, StackId, RequestId, LogicalResourceId }: CloudFormationCustomResourceEvent,
  { id, ...result }: Answer,
): Promise<void> {
  const body = JSON.stringify({ ...result, PhysicalResourceId: id, StackId, RequestId, LogicalResourceId });
  const response = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!response.ok) throw new Error(`CloudFormation did not take the answer: HTTP ${response.status}`);
}
