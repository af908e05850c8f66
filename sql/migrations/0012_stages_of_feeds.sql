-- Whoever tidies up owns no stages. Those of a run that is at work stay, and so do those of a feed that is not the login's: false then.
CREATE OR REPLACE FUNCTION nightfeed.drop_stage(of_stage text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM nightfeed.run
    WHERE (state = 'running' OR NOT nightfeed.may_work_on(feed)) AND left(encode(sha256(convert_to(
      feed || '/' || to_char(date, 'YYYY-MM-DD') || CASE WHEN revision > 1 THEN '-r' || revision ELSE '' END, 'UTF8')), 'hex'), 16)
      = left(of_stage, 16)
  ) THEN
    RETURN false;
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS nightfeed_stage.%I', of_stage);
  RETURN true;
END $$;

-- Row-level security and statements on runs call these as whoever asks. Where functions are for nobody by default, a role that was
-- granted the ledger's tables could not read them any more.
GRANT EXECUTE ON FUNCTION nightfeed.may_work_on(text), nightfeed.merged_tables(jsonb, jsonb) TO PUBLIC;
