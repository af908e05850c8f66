import type { Feed } from './spec.ts';

/** Why Spark has to compare a table of so many uncompressed bytes; null when it need not. */
export function reasonForSpark({ engine, spark }: Pick<Feed, 'engine' | 'spark'>, bytes: number): string | null {
  if (engine === 'spark') return 'the feed asks for it';
  if (engine !== 'auto' || spark === undefined || bytes <= spark.above) return null;
  return `${bytes} bytes are more than spark.above`;
}

/** Whether some delivery may need Spark. */
export function mayNeedSpark(feed: Pick<Feed, 'engine' | 'spark'>): boolean {
  return reasonForSpark(feed, Number.POSITIVE_INFINITY) !== null;
}
