/** Of the folders of a delivery in `current/`; engines that know Hive's folders show them as columns. */
export const deliveryColumns = ['nightfeed_date', 'nightfeed_revision'] as const;
