/** Rejects with what `giveUp` returns when the work takes longer; giving up has to end what the work waits for. */
export async function within<T>(milliseconds: number, giveUp: () => Error, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(giveUp()), milliseconds);
  });
  return Promise.race([work(), expired]).finally(() => clearTimeout(timer));
}
