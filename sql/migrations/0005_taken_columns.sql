-- A column that a delivery brings and the feed's contract lets in, as nullable text: table, history and view. Owner's rights, because
-- the loader has none to change a table; it can add text columns to nightfeed's own tables, and nothing else.
CREATE FUNCTION nightfeed.add_text_column(of_schema text, of_table text, of_column text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  has_history boolean;
  relation text;
  target regclass;
  found text;
  view_columns text;
BEGIN
  SELECT history INTO has_history FROM nightfeed.target_table WHERE schema_name = of_schema AND table_name = of_table;
  IF has_history IS NULL THEN
    RAISE EXCEPTION '%.% is no table of nightfeed', of_schema, of_table USING ERRCODE = 'NF001';
  END IF;
  FOREACH relation IN ARRAY CASE WHEN has_history THEN ARRAY[of_table, of_table || '_history'] ELSE ARRAY[of_table] END LOOP
    target := format('%I.%I', of_schema, relation)::regclass;
    SELECT format_type(atttypid, atttypmod) INTO found
    FROM pg_attribute WHERE attrelid = target AND attname = of_column AND attnum > 0 AND NOT attisdropped;
    IF found IS NULL THEN
      EXECUTE format('ALTER TABLE %s ADD COLUMN %I text', target, of_column);
    ELSIF found <> 'text' THEN
      RAISE EXCEPTION '%.% is %', target, of_column, found USING ERRCODE = 'NF002';
    END IF;
  END LOOP;
  target := to_regclass(format('%I.%I', of_schema, of_table || '_versions'));
  IF NOT has_history OR target IS NULL OR EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = target AND attname = of_column AND NOT attisdropped
  ) THEN
    RETURN;
  END IF;
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) || ', ' || quote_ident(of_column) INTO view_columns
  FROM pg_attribute
  WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('_valid_from', '_valid_to');
  EXECUTE format(
    'CREATE OR REPLACE VIEW %s AS SELECT _valid_from, _valid_to, %s FROM %I.%I '
    'UNION ALL SELECT _last_changed, NULL::date, %s FROM %I.%I WHERE _gone_since IS NULL',
    target, view_columns, of_schema, of_table || '_history', view_columns, of_schema, of_table);
END $$;
REVOKE ALL ON FUNCTION nightfeed.add_text_column(text, text, text) FROM PUBLIC;
