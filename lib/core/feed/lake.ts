/** Names of the columns that stand in folder names of `current/`. Engines that know Hive's folders show them as columns. */
export const deliveryColumns = ['nightfeed_date', 'nightfeed_revision'] as const;
