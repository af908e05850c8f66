const events = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Does the work, and makes it fail with any uncaught error that happens meanwhile. Lambda's runtime would end the process at such an error,
 * and Step Functions would get neither its name nor its message.
 */
export async function withStray<T>(work: () => Promise<T>): Promise<T> {
  let fail: (thrown: unknown) => void = () => {};
  const stray = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const others = events.map((event) => [event, process.listeners(event as 'uncaughtException')] as const);
  for (const event of events) process.removeAllListeners(event).on(event, fail);
  try {
    return await Promise.race([work(), stray]);
  } finally {
    for (const [event, listeners] of others) {
      process.off(event, fail);
      for (const listener of listeners) process.on(event, listener);
    }
  }
}
