/**
 * Rows of a feed as each version of the ledger could hold them, by the version that brought their tables and columns. A ledger of version
 * n has those of all versions up to n. Where none is named, the version brought no place for rows.
 */
export const ledgerRows: Readonly<Record<number, string>> = {
  1: `
    INSERT INTO nightfeed.feed (feed, applied_date, applied_revision, applied_delivery, applied_at)
      VALUES ('shop', '2026-11-20', 2, 'd2', '2026-11-21T02:00:00Z'), ('new', NULL, NULL, NULL, NULL);
    INSERT INTO nightfeed.target_table (schema_name, table_name, feed, key_columns, history)
      VALUES ('shop', 'catalog', 'shop', '["id"]', true), ('shop', 'stock', 'shop', '["sku", "place"]', false);
    INSERT INTO nightfeed.applied_table (feed, table_name, schema_name, snapshot, columns, live_rows, hi, lo)
      VALUES ('shop', 'catalog', 'shop', 'snapshots/a', '[{"name": "id", "type": "integer"}]', 3, 18446744073709551615, 0),
        ('shop', 'stock', 'shop', 'snapshots/b', '[]', 0, 0, 0);
    INSERT INTO nightfeed.run (feed, date, revision, state, fence, owner, lease, opened_at, ended_at, feed_hash, folder, listing, reading,
        delivery, change_set, tables, holds, error, published)
      VALUES
        ('shop', '2026-11-19', 1, 'failed', 3, NULL, NULL, '2026-11-19T02:00:00Z', '2026-11-19T02:01:00Z', 'f', '/feeds', NULL, NULL, NULL, NULL,
          NULL, '[]', '{"name":"SOURCE_UNREACHABLE","message":"away","hint":"wait"}', NULL),
        ('shop', '2026-11-20', 1, 'published', 1, NULL, NULL, '2026-11-20T02:00:00Z', '2026-11-20T02:01:00Z', 'f', '/feeds', 'l1', 'r', 'd1', 'c1',
          '{"catalog": {"inserted": 2}}', '[]', NULL, '{"catalog": {"inserted": 2}}'),
        ('shop', '2026-11-20', 2, 'published', 2, NULL, NULL, '2026-11-20T04:00:00Z', '2026-11-20T04:01:00Z', 'f', '/feeds', 'l2', 'r', 'd2', 'c2',
          '{"catalog": {"inserted": 1}}', '[]', NULL, '{"catalog": {"inserted": 1}}'),
        ('shop', '2026-11-21', 1, 'held', 1, NULL, NULL, '2026-11-21T02:00:00Z', '2026-11-21T02:01:00Z', 'f', '/feeds', 'l3', 'r', 'd3', 'c3',
          '{"catalog": {"gone": 3}}', '[{"guard": "MASS_DELETE", "message": "all"}]', NULL, NULL),
        ('shop', '2026-11-22', 1, 'running', 1, '{"host": "here", "pid": 1, "started": "now"}', '2026-11-22T02:00:15Z', '2026-11-22T02:00:00Z', NULL,
          'f', '/feeds', NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL);
    INSERT INTO nightfeed.quarantine (feed, date, revision, table_name, code, rows) VALUES ('shop', '2026-11-20', 1, 'catalog', 'CAST', 2);
    INSERT INTO nightfeed.decision (feed, date, revision, change_set, verdict, decided_by, reason)
      VALUES ('shop', '2026-11-21', 1, 'c3', 'approved', 'ada', 'it is so');
    INSERT INTO nightfeed.outbox (id, feed, date, revision, state, change_set, message, sent_at)
      VALUES ('shop/2026-11-20:published:c1', 'shop', '2026-11-20', 1, 'published', 'c1', '{"id": "shop/2026-11-20:published:c1"}', now()),
        ('shop/2026-11-21:held:c3', 'shop', '2026-11-21', 1, 'held', 'c3', '{"id": "shop/2026-11-21:held:c3"}', NULL);`,
  2: `UPDATE nightfeed.run SET outcomes = '{"pull": {"outcome": "pulled"}}', worked_by = 'arn:aws:states:a' WHERE date = '2026-11-21';`,
  3: `
    UPDATE nightfeed.run SET measures = '{"tables": {}}', warnings = '[{"guard": "SIZE", "message": "small"}]' WHERE state = 'published';
    UPDATE nightfeed.decision SET guards = '["MASS_DELETE"]';`,
  4: `
    UPDATE nightfeed.run SET origin = '{"kind": "release", "run": "shop/2026-11-20", "table": null, "code": null}'
      WHERE date = '2026-11-20' AND revision = 2;
    UPDATE nightfeed.quarantine SET object = 'rejects/a';`,
  6: `UPDATE nightfeed.run SET forced = '[{"by": "ada", "reason": "early", "refusal": "DATE"}]' WHERE date = '2026-11-22';`,
  7: `UPDATE nightfeed.feed SET lake = 'id', lake_place = '/lake' WHERE feed = 'shop';`,
  8: `UPDATE nightfeed.run SET look = '{"sight": "s", "at": "2026-11-22T02:00:01Z"}' WHERE state = 'running';`,
  9: `
    UPDATE nightfeed.applied_table SET stored = '["id", "title"]' WHERE table_name = 'catalog';
    INSERT INTO nightfeed.restart (feed, schema_name, table_name, restarted_by, reason) VALUES ('shop', 'shop', 'stock', 'ada', 'dropped');`,
  11: `
    INSERT INTO nightfeed.login (role_name, feed, kind, steps, facts) VALUES ('nightfeed_test_shop_fetch', 'shop', 'fetch', '{pull}', '{listing}');
    INSERT INTO nightfeed.retired_login (role_name, feed) VALUES ('nightfeed_loader', 'shop');`,
  17: `
    UPDATE nightfeed.run SET deadline = '2026-11-22T06:00:00Z', files = '{"listed": [], "rejected": {}}' WHERE state = 'running';
    INSERT INTO nightfeed.load_log (feed, date, revision, kind, state, fence, opened_at, begun_at, ended_at, logged_at)
      VALUES ('shop', '2026-11-21', 1, 'night', 'held', 1, '2026-11-21T02:00:00Z', '2026-11-21T02:00:00Z', '2026-11-21T02:01:00Z', '2026-11-21T02:01:00Z');
    INSERT INTO nightfeed.load_table_log (ending, feed, date, revision, state, table_name, rows_in) SELECT ending, feed, date, revision, state, 'catalog', 3
      FROM nightfeed.load_log;
    INSERT INTO nightfeed.load_file_log (ending, feed, date, revision, state, "position", table_name, file)
      SELECT ending, feed, date, revision, state, 1, 'catalog', 'catalog.csv' FROM nightfeed.load_log;
    INSERT INTO nightfeed.step_log (feed, date, revision, step, fence, attempt, outcome, host, began_at, ended_at, seconds)
      VALUES ('shop', '2026-11-21', 1, 'pull', 1, 1, 'pulled', 'here', '2026-11-21T02:00:00Z', '2026-11-21T02:00:01Z', 1);
    INSERT INTO nightfeed.storage_log (feed, date, revision, zone, table_name, bytes, objects, growth_bytes, growth_objects, measured_at)
      VALUES ('shop', '2026-11-21', 1, 'landing', 'catalog', 5, 1, 5, 1, '2026-11-21T02:01:00Z');`,
  18: `
    INSERT INTO nightfeed.missed (feed, date, found_at, found_by) VALUES ('shop', '2026-11-18', '2026-11-19T02:00:00Z', 'serve at here');
    INSERT INTO nightfeed.outbox (id, feed, date, state, change_set, message, sent_at)
      VALUES ('shop/2026-11-18:missed', 'shop', '2026-11-18', 'late', 'missed', '{"id": "shop/2026-11-18:missed"}', now());`,
  19: `
    INSERT INTO nightfeed.pickup_log (feed, date, revision, name, size, action, planned_at)
      VALUES ('shop', '2026-11-20', 1, 'catalog.csv', 5, 'delete', '2026-11-20T02:02:00Z');`,
};
