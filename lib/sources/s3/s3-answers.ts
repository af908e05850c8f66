import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { NightfeedError } from '../../core/errors.ts';
import type { Limits } from '../common/limits.ts';
import { Pace, slow } from '../common/pace.ts';
import { within } from '../common/within.ts';

/** Limits every answer that the SDK reads into memory before it parses it: all answers except objects. */
export function limitAnswers({ middlewareStack }: S3Client, limits: Limits): void {
  const { answerMilliseconds } = limits;
  const tooLate = () => slow(`an answer took longer than ${answerMilliseconds / 1000} s`);
  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const begun = performance.now();
        const result = await within(answerMilliseconds, tooLate, () => next(args));
        const response = result.response as { statusCode: number; body: unknown };
        const isObject = commandName === 'GetObjectCommand' && response.statusCode < 300;
        if (isObject || !(response.body instanceof Readable)) return result;
        const { body } = response;
        response.body = atMost(body, limits);
        const timer = setTimeout(() => body.destroy(tooLate()), answerMilliseconds - (performance.now() - begun));
        body.once('close', () => clearTimeout(timer));
        return result;
      },
    // Low priority puts it nearer to the connection than the middleware that reads the answer.
    { name: 'limitAnswers', step: 'deserialize', priority: 'low' },
  );
}

function atMost(body: Readable, limits: Limits): Readable {
  const { answerBytes } = limits;
  let bytes = 0;
  return Readable.from(
    (async function* () {
      for await (const chunk of keepingPace(body, limits)) {
        bytes += chunk.length;
        if (bytes > answerBytes)
          throw new NightfeedError(
            'ANSWER_TOO_LONG',
            `an answer has more than ${bytes} bytes; at most ${answerBytes} are allowed`,
          );
        yield chunk;
      }
    })(),
    { objectMode: false },
  );
}

/** The bytes of an answer, as long as they come fast enough. */
export async function* keepingPace(body: Readable, limits: Limits): AsyncGenerator<Buffer> {
  const pace = new Pace(limits, (slow) => body.destroy(slow));
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      pace.came(chunk.length);
      pace.hold();
      yield chunk;
      pace.goOn();
    }
  } finally {
    pace.stop();
  }
}
