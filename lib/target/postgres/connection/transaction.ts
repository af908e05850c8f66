import type { Limits } from './limits.ts';

/** Of a connection, what a transaction needs. */
interface Transactional {
  begin(limits: Partial<Limits>): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/**
 * `work` in one transaction under settings of our own: committed when it resolves, rolled back when it throws. Whatever
 * depends on a setting belongs into one: through a pooler, no two transactions need have the same session.
 */
export async function transaction<T>(db: Transactional, limits: Partial<Limits>, work: () => Promise<T>): Promise<T> {
  await db.begin(limits);
  try {
    const result = await work();
    await db.commit();
    return result;
  } catch (error) {
    await db.rollback();
    throw error;
  }
}
