import { NightfeedError } from '../../core/errors.ts';

/** Throws NOTIFIER_UNAVAILABLE when work takes longer. What it does then is for the work to end. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new NightfeedError('NOTIFIER_UNAVAILABLE', `no answer within ${milliseconds / 1000} s`)),
    milliseconds,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
