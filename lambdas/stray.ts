const events = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * The work, failing with what nobody caught while it is under way. Lambda's own runtime would end the process for it, and
 * Step Functions would learn neither name nor message.
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
