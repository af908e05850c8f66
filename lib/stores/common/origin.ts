/** Wraps a failure of the stream that is stored, so that it is not taken for a failure of the store. */
export class OriginFailed extends Error {}

/** The same bytes. When reading them fails, that failure becomes the cause of an OriginFailed. */
export async function* fromOrigin(
  body: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of body) {
      count(chunk.byteLength);
      yield chunk;
    }
  } catch (error) {
    throw new OriginFailed('the origin of the bytes failed', { cause: error });
  }
}
