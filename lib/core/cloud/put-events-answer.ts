import { z } from 'zod';

const answer = z.object({
  FailedEntryCount: z.int(),
  Entries: z.array(z.object({ ErrorCode: z.string().optional(), ErrorMessage: z.string().optional() })),
});

interface Refused {
  readonly code: string;
  readonly message: string;
}

/** The entry that EventBridge refused in an answer of status 200; null when it took all. */
export function refusedIn(received: unknown): Refused | null {
  const read = answer.safeParse(received);
  if (!read.success) return { code: 'NoAnswer', message: 'what came is not an answer of PutEvents' };
  if (read.data.FailedEntryCount === 0) return null;
  const { ErrorCode: code = 'Unknown', ErrorMessage: message = '' } =
    read.data.Entries.find(({ ErrorCode }) => ErrorCode !== undefined) ?? {};
  return { code, message };
}
