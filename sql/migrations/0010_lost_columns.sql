-- The view also shows columns that only the history has any more, because somebody dropped them from the table: there they are null.
CREATE OR REPLACE FUNCTION nightfeed.add_text_column(of_schema text, of_table text, of_column text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  has_history boolean;
  relation text;
  target regclass;
  found text;
  closed_columns text;
  open_columns text;
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
  SELECT string_agg(quote_ident(shown.attname), ', ' ORDER BY shown.attnum),
    string_agg(
      CASE WHEN stored.attname IS NULL THEN 'NULL::' || format_type(shown.atttypid, shown.atttypmod) ELSE quote_ident(shown.attname) END,
      ', ' ORDER BY shown.attnum)
  INTO closed_columns, open_columns
  FROM pg_attribute shown
  LEFT JOIN pg_attribute stored ON stored.attrelid = format('%I.%I', of_schema, of_table)::regclass
    AND stored.attname = shown.attname AND stored.attnum > 0 AND NOT stored.attisdropped
  WHERE shown.attrelid = target AND shown.attnum > 0 AND NOT shown.attisdropped
    AND shown.attname NOT IN ('_valid_from', '_valid_to');
  EXECUTE format(
    'CREATE OR REPLACE VIEW %s AS SELECT _valid_from, _valid_to, %s, %I FROM %I.%I '
    'UNION ALL SELECT _last_changed, NULL::date, %s, %I FROM %I.%I WHERE _gone_since IS NULL',
    target, closed_columns, of_column, of_schema, of_table || '_history', open_columns, of_column, of_schema, of_table);
END $$;
