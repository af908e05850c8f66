/** Carries a failure of the bytes' origin past the errors of the store, which may look alike. */
export class OriginFailed extends Error {}

/** The same bytes; their failure becomes the cause of an OriginFailed. */
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
