-- table next_rows
SELECT part, ord, CASE WHEN readable AND strlen(CAST(c0 AS VARCHAR)) + strlen(c1) > 2600 THEN 'KEY_TOO_LONG:0' ELSE problem END AS problem,
  readable, c0, c1, c2, c3, c4 FROM (SELECT part, ord, coalesce(k0 || ':0', k1 || ':1', k2 || ':2', k3 || ':3', k4 || ':4') AS problem, (k0 IS NULL AND k1 IS NULL) AS readable, TRY_CAST(r0 AS BIGINT) AS c0, r1 AS c1, TRY_CAST(r2 AS decimal(12,2)) AS c2, timezone('UTC', (TRY_CAST(substr(r3, 1, 10) || ' ' || regexp_extract(substr(r3, 12), '^[0-9:]{8}([.][0-9]{1,6})?', 0) AS TIMESTAMP) - to_minutes(CASE WHEN regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 1) = '-' THEN -1 ELSE 1 END * CASE
    WHEN right(r3, 1) IN ('Z', 'z') THEN 0 ELSE coalesce(TRY_CAST(regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 2) AS INTEGER), 0) * 60 + coalesce(TRY_CAST(regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 3) AS INTEGER), 0) END))) AS c3, TRY_CAST(r4 AS DATE) AS c4
FROM (SELECT *, CASE WHEN r0 IS NULL THEN 'KEY_MISSING' ELSE CASE WHEN coalesce(CAST(TRY_CAST(r0 AS BIGINT) AS VARCHAR) = r0, false) THEN NULL
      WHEN regexp_full_match(r0, '[+-]?[0-9]+') THEN CASE WHEN TRY_CAST(r0 AS BIGINT) IS NULL THEN 'OVERFLOW' END
      WHEN regexp_full_match(r0, '[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)') THEN 'NOT_A_NUMBER' ELSE 'FORMAT' END END AS k0, CASE WHEN r1 IS NULL THEN 'KEY_MISSING' WHEN r1 = '' THEN 'KEY_MISSING' ELSE NULL END AS k1, CASE WHEN r2 IS NULL THEN 'REQUIRED' ELSE CASE WHEN coalesce(CAST(TRY_CAST(r2 AS decimal(12,2)) AS VARCHAR) = r2, false) THEN NULL
      WHEN regexp_full_match(r2, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)') THEN CASE
        WHEN regexp_full_match(r2, '[+-]?0*[1-9][0-9]{10}[0-9]*([.][0-9]*)?') THEN 'OVERFLOW'
        WHEN regexp_full_match(r2, '[^.]*[.][0-9]{2}[0-9]*[1-9][0-9]*') THEN 'SCALE' END
      WHEN regexp_full_match(r2, '[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)') THEN 'NOT_A_NUMBER' ELSE 'FORMAT' END END AS k2, CASE WHEN r3 IS NULL THEN NULL ELSE CASE 
      WHEN regexp_full_match(r3, '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][\s\S]*)?') THEN CASE
        WHEN TRY_CAST(substr(r3, 1, 10) AS DATE) IS NULL OR substr(r3, 1, 4) = '0000' THEN 'DATE'
        WHEN r3 < '1000' THEN 'DATE_RANGE'
        WHEN NOT regexp_full_match(substr(r3, 12), '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)? ?([Zz]|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)') THEN 'TIME'
        WHEN regexp_full_match(substr(r3, 12), '[0-9:]{8}[.][0-9]{6}[0-9]*[1-9][0-9]*([^0-9].*)?') THEN 'SCALE'
        WHEN year((TRY_CAST(substr(r3, 1, 10) || ' ' || regexp_extract(substr(r3, 12), '^[0-9:]{8}([.][0-9]{1,6})?', 0) AS TIMESTAMP) - to_minutes(CASE WHEN regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 1) = '-' THEN -1 ELSE 1 END * CASE
    WHEN right(r3, 1) IN ('Z', 'z') THEN 0 ELSE coalesce(TRY_CAST(regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 2) AS INTEGER), 0) * 60 + coalesce(TRY_CAST(regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 3) AS INTEGER), 0) END))) NOT BETWEEN 1000 AND 9999 THEN 'DATE_RANGE' END
      WHEN regexp_full_match(r3, '[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}([^0-9][\s\S]*)?') THEN 'DATE_AMBIGUOUS'
      WHEN regexp_full_match(r3, '[+-]?[0-9]{5,}-[0-9]{2}-[0-9]{2}[\s\S]*|[0-9]+-[0-9]{2}-[0-9]{2}[\s\S]* BC') THEN 'DATE_RANGE'
      ELSE 'DATE' END END AS k3, CASE WHEN r4 IS NULL THEN NULL ELSE CASE WHEN coalesce(CAST(TRY_CAST(r4 AS DATE) AS VARCHAR) = r4, false) AND length(r4) = 10 AND r4 >= '1000' AND r4 < 'A' THEN NULL
      WHEN regexp_full_match(r4, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN CASE
        WHEN TRY_CAST(r4 AS DATE) IS NULL OR substr(r4, 1, 4) = '0000' THEN 'DATE' ELSE 'DATE_RANGE' END
      WHEN regexp_full_match(r4, '[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}([^0-9][\s\S]*)?') THEN 'DATE_AMBIGUOUS'
      WHEN regexp_full_match(r4, '[+-]?[0-9]{5,}-[0-9]{2}-[0-9]{2}[\s\S]*|[0-9]+-[0-9]{2}-[0-9]{2}[\s\S]* BC') THEN 'DATE_RANGE'
      ELSE 'DATE' END END AS k4 FROM next_records) coded) typed;

-- table duplicate_keys
SELECT c0, c1 FROM next_rows WHERE problem IS NULL GROUP BY c0, c1 HAVING count(*) > 1;

-- table duplicate_texts
SELECT n.part, n.ord, n.c0, n.c1, concat_ws(',', coalesce(CAST(CAST(n.c0 AS VARCHAR) AS VARCHAR), ''), coalesce(n.c1, ''), coalesce(CAST(CAST(n.c2 AS VARCHAR) AS VARCHAR), ''), coalesce(CAST(CAST(timezone('UTC', n.c3) AS VARCHAR) AS VARCHAR), ''), coalesce(CAST(CAST(n.c4 AS VARCHAR) AS VARCHAR), ''), coalesce(strlen(n.c1), -1)) AS t
FROM next_rows n JOIN duplicate_keys d ON n.c0 = d.c0 AND n.c1 = d.c1 WHERE n.problem IS NULL;

-- table duplicate_rows
SELECT part, ord, CASE WHEN differ THEN 'DUP_KEY' ELSE 'DUP_ROW' END AS code, c0, c1
FROM (SELECT *, min(t) OVER same <> max(t) OVER same AS differ, row_number() OVER (PARTITION BY c0, c1 ORDER BY part, ord) AS copy
  FROM duplicate_texts WINDOW same AS (PARTITION BY c0, c1)) copies
WHERE differ OR copy > 1;

-- view accepted
SELECT * FROM next_rows n WHERE problem IS NULL
  AND NOT EXISTS (SELECT 1 FROM duplicate_rows d WHERE d.part = n.part AND d.ord = n.ord);

-- table rejected
SELECT part, ord, substr(problem, 1, position(':' IN problem) - 1) AS code, substr(problem, position(':' IN problem) + 1) AS col,
  readable, c0, c1 FROM next_rows WHERE problem IS NOT NULL
UNION ALL SELECT part, ord, code, NULL, true, c0, c1 FROM duplicate_rows
UNION ALL SELECT part, NULL AS ord, code, NULL AS col, readable AND k0 IS NULL AND k1 IS NULL AS readable, TRY_CAST(r0 AS BIGINT) AS c0, r1 AS c1 FROM (SELECT part, ord, code, readable, r0, r1, CASE WHEN r0 IS NULL THEN 'KEY_MISSING' ELSE CASE WHEN coalesce(CAST(TRY_CAST(r0 AS BIGINT) AS VARCHAR) = r0, false) THEN NULL
      WHEN regexp_full_match(r0, '[+-]?[0-9]+') THEN CASE WHEN TRY_CAST(r0 AS BIGINT) IS NULL THEN 'OVERFLOW' END
      WHEN regexp_full_match(r0, '[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)') THEN 'NOT_A_NUMBER' ELSE 'FORMAT' END END AS k0, CASE WHEN r1 IS NULL THEN 'KEY_MISSING' WHEN r1 = '' THEN 'KEY_MISSING' ELSE NULL END AS k1 FROM next_malformed) broken_coded;

-- table changed
SELECT n.present AS in_next, b.present AS in_base, n.c0 AS n_c0, b.c0 AS b_c0, n.c1 AS n_c1, b.c1 AS b_c1, n.c2 AS n_c2, b.c2 AS b_c2, n.c3 AS n_c3, b.c3 AS b_c3, n.c4 AS n_c4, b.c4 AS b_c4
FROM (SELECT 1 AS present, c0, c1, c2, c3, c4 FROM accepted) n
FULL OUTER JOIN (SELECT 1 AS present, c0, c1, c2, c3, c4 FROM base_rows) b ON n.c0 = b.c0 AND n.c1 = b.c1
WHERE n.present IS NULL OR b.present IS NULL OR (n.c2 IS DISTINCT FROM b.c2 OR n.c3 IS DISTINCT FROM b.c3);

-- table missing
SELECT m.*, EXISTS (SELECT 1 FROM rejected r WHERE r.readable AND r.c0 = m.b_c0 AND r.c1 = m.b_c1) AS kept
FROM changed m WHERE m.in_next IS NULL;

-- table suspension
SELECT count(*) > 0 AS suspended FROM rejected WHERE NOT readable;

-- inserted
SELECT n_c0 AS "id", n_c1 AS "region", n_c2 AS "price", n_c3 AS "at", n_c4 AS "seen" FROM changed WHERE in_base IS NULL;

-- updated
SELECT n_c0 AS "id", n_c1 AS "region", n_c2 AS "price", n_c3 AS "at", n_c4 AS "seen" FROM changed WHERE in_next = 1 AND in_base = 1;

-- gone
SELECT b_c0 AS "id", b_c1 AS "region", b_c2 AS "price", b_c3 AS "at", b_c4 AS "seen" FROM missing WHERE NOT kept AND NOT (SELECT suspended FROM suspension);

-- carried
SELECT b_c0 AS "id", b_c1 AS "region", b_c2 AS "price", b_c3 AS "at", b_c4 AS "seen" FROM missing WHERE (kept OR (SELECT suspended FROM suspension));

-- numbers
SELECT * FROM (SELECT count(*) AS records, 0 AS filtered FROM next_rows) n, (SELECT count(*) AS accepted FROM accepted) a,
  (SELECT count(*) FILTER (WHERE in_base IS NULL) AS inserted,
    count(*) FILTER (WHERE in_next = 1 AND in_base = 1) AS updated,
    0 AS reverted FROM changed) c,
  (SELECT count(*) FILTER (WHERE NOT kept AND NOT suspended) AS gone, count(*) FILTER (WHERE kept) AS carried,
    count(*) FILTER (WHERE NOT kept AND suspended) AS suspended
    FROM missing, suspension) m,
  (SELECT count(*) FILTER (WHERE ord IS NOT NULL) AS value_rejects, count(*) AS rejects FROM rejected) r,
  (SELECT 0 AS collapsed) o;

-- rejects
SELECT part, ord, code, col, readable, concat_ws(',', coalesce(CAST(CAST(c0 AS VARCHAR) AS VARCHAR), ''), coalesce(c1, ''), coalesce(strlen(c1), -1)) AS key FROM rejected WHERE ord IS NOT NULL ORDER BY part, ord;

-- before
SELECT count(*) AS rows, CAST(coalesce(sum(hi), 0) % 18446744073709551616 AS VARCHAR) AS hi, CAST(coalesce(sum(lo), 0) % 18446744073709551616 AS VARCHAR) AS lo FROM (SELECT ((hi & 4294967295::UBIGINT) * 4294967296::UBIGINT) | ((hi >> 32) & 4294967295::UBIGINT) AS hi, ((lo & 4294967295::UBIGINT) * 4294967296::UBIGINT) | ((lo >> 32) & 4294967295::UBIGINT) AS lo
FROM (SELECT ((hi & 281470681808895::UBIGINT) * 65536::UBIGINT) | ((hi >> 16) & 281470681808895::UBIGINT) AS hi, ((lo & 281470681808895::UBIGINT) * 65536::UBIGINT) | ((lo >> 16) & 281470681808895::UBIGINT) AS lo
FROM (SELECT ((hi & 71777214294589695::UBIGINT) * 256::UBIGINT) | ((hi >> 8) & 71777214294589695::UBIGINT) AS hi, ((lo & 71777214294589695::UBIGINT) * 256::UBIGINT) | ((lo >> 8) & 71777214294589695::UBIGINT) AS lo
FROM (SELECT CAST(h & 18446744073709551615::UHUGEINT AS UBIGINT) AS hi, CAST(h >> 64 AS UBIGINT) AS lo
FROM (SELECT md5_number(t) AS h FROM (SELECT concat_ws(',', coalesce(CAST(CAST(b_c0 AS VARCHAR) AS VARCHAR), ''), coalesce(b_c1, ''), coalesce(CAST(CAST(b_c2 AS VARCHAR) AS VARCHAR), ''), coalesce(CAST(CAST(timezone('UTC', b_c3) AS VARCHAR) AS VARCHAR), ''), coalesce(strlen(b_c1), -1)) AS t FROM changed WHERE in_next = 1 AND in_base = 1
    UNION ALL SELECT concat_ws(',', coalesce(CAST(CAST(b_c0 AS VARCHAR) AS VARCHAR), ''), coalesce(b_c1, ''), coalesce(CAST(CAST(b_c2 AS VARCHAR) AS VARCHAR), ''), coalesce(CAST(CAST(timezone('UTC', b_c3) AS VARCHAR) AS VARCHAR), ''), coalesce(strlen(b_c1), -1)) AS t FROM missing WHERE NOT kept AND NOT (SELECT suspended FROM suspension)) rows_before) hashed) swapped8) swapped16) swapped32) numbers;

-- after
SELECT count(*) AS rows, CAST(coalesce(sum(hi), 0) % 18446744073709551616 AS VARCHAR) AS hi, CAST(coalesce(sum(lo), 0) % 18446744073709551616 AS VARCHAR) AS lo FROM (SELECT ((hi & 4294967295::UBIGINT) * 4294967296::UBIGINT) | ((hi >> 32) & 4294967295::UBIGINT) AS hi, ((lo & 4294967295::UBIGINT) * 4294967296::UBIGINT) | ((lo >> 32) & 4294967295::UBIGINT) AS lo
FROM (SELECT ((hi & 281470681808895::UBIGINT) * 65536::UBIGINT) | ((hi >> 16) & 281470681808895::UBIGINT) AS hi, ((lo & 281470681808895::UBIGINT) * 65536::UBIGINT) | ((lo >> 16) & 281470681808895::UBIGINT) AS lo
FROM (SELECT ((hi & 71777214294589695::UBIGINT) * 256::UBIGINT) | ((hi >> 8) & 71777214294589695::UBIGINT) AS hi, ((lo & 71777214294589695::UBIGINT) * 256::UBIGINT) | ((lo >> 8) & 71777214294589695::UBIGINT) AS lo
FROM (SELECT CAST(h & 18446744073709551615::UHUGEINT AS UBIGINT) AS hi, CAST(h >> 64 AS UBIGINT) AS lo
FROM (SELECT md5_number(t) AS h FROM (SELECT concat_ws(',', coalesce(CAST(CAST(n_c0 AS VARCHAR) AS VARCHAR), ''), coalesce(n_c1, ''), coalesce(CAST(CAST(n_c2 AS VARCHAR) AS VARCHAR), ''), coalesce(CAST(CAST(timezone('UTC', n_c3) AS VARCHAR) AS VARCHAR), ''), coalesce(strlen(n_c1), -1)) AS t FROM changed WHERE in_next = 1) rows_after) hashed) swapped8) swapped16) swapped32) numbers;

-- whole
SELECT count(*) AS rows, CAST(coalesce(sum(hi), 0) % 18446744073709551616 AS VARCHAR) AS hi, CAST(coalesce(sum(lo), 0) % 18446744073709551616 AS VARCHAR) AS lo FROM (SELECT ((hi & 4294967295::UBIGINT) * 4294967296::UBIGINT) | ((hi >> 32) & 4294967295::UBIGINT) AS hi, ((lo & 4294967295::UBIGINT) * 4294967296::UBIGINT) | ((lo >> 32) & 4294967295::UBIGINT) AS lo
FROM (SELECT ((hi & 281470681808895::UBIGINT) * 65536::UBIGINT) | ((hi >> 16) & 281470681808895::UBIGINT) AS hi, ((lo & 281470681808895::UBIGINT) * 65536::UBIGINT) | ((lo >> 16) & 281470681808895::UBIGINT) AS lo
FROM (SELECT ((hi & 71777214294589695::UBIGINT) * 256::UBIGINT) | ((hi >> 8) & 71777214294589695::UBIGINT) AS hi, ((lo & 71777214294589695::UBIGINT) * 256::UBIGINT) | ((lo >> 8) & 71777214294589695::UBIGINT) AS lo
FROM (SELECT CAST(h & 18446744073709551615::UHUGEINT AS UBIGINT) AS hi, CAST(h >> 64 AS UBIGINT) AS lo
FROM (SELECT md5_number(t) AS h FROM (SELECT concat_ws(',', coalesce(CAST(CAST(c0 AS VARCHAR) AS VARCHAR), ''), coalesce(c1, ''), coalesce(CAST(CAST(c2 AS VARCHAR) AS VARCHAR), ''), coalesce(CAST(CAST(timezone('UTC', c3) AS VARCHAR) AS VARCHAR), ''), coalesce(strlen(c1), -1)) AS t FROM accepted
    UNION ALL SELECT concat_ws(',', coalesce(CAST(CAST(b_c0 AS VARCHAR) AS VARCHAR), ''), coalesce(b_c1, ''), coalesce(CAST(CAST(b_c2 AS VARCHAR) AS VARCHAR), ''), coalesce(CAST(CAST(timezone('UTC', b_c3) AS VARCHAR) AS VARCHAR), ''), coalesce(strlen(b_c1), -1)) AS t FROM missing WHERE (kept OR (SELECT suspended FROM suspension))) rows_all) hashed) swapped8) swapped16) swapped32) numbers;

-- nulls before
SELECT count(*) AS rows, count(*) - count(c2) AS c2, count(*) - count(c3) AS c3 FROM (SELECT 1 AS one, b_c2 AS c2, b_c3 AS c3 FROM changed WHERE in_next = 1 AND in_base = 1
    UNION ALL SELECT 1 AS one, b_c2 AS c2, b_c3 AS c3 FROM missing WHERE NOT kept AND NOT (SELECT suspended FROM suspension)) rows_before;

-- nulls after
SELECT count(*) AS rows, count(*) - count(c2) AS c2, count(*) - count(c3) AS c3 FROM (SELECT 1 AS one, n_c2 AS c2, n_c3 AS c3 FROM changed WHERE in_next = 1) rows_after;

-- nulls whole
SELECT count(*) AS rows, count(*) - count(c2) AS c2, count(*) - count(c3) AS c3 FROM (SELECT 1 AS one, c2 AS c2, c3 AS c3 FROM accepted
    UNION ALL SELECT 1 AS one, b_c2 AS c2, b_c3 AS c3 FROM missing WHERE (kept OR (SELECT suspended FROM suspension))) rows_all;

-- sample of updated
SELECT substr(CAST(b_c0 AS VARCHAR), 1, 201) AS b0, substr(CAST(b_c1 AS VARCHAR), 1, 201) AS b1, substr(CAST(b_c2 AS VARCHAR), 1, 201) AS b2, substr(CAST(b_c3 AS VARCHAR), 1, 201) AS b3, substr(CAST(b_c4 AS VARCHAR), 1, 201) AS b4, substr(CAST(n_c0 AS VARCHAR), 1, 201) AS n0, substr(CAST(n_c1 AS VARCHAR), 1, 201) AS n1, substr(CAST(n_c2 AS VARCHAR), 1, 201) AS n2, substr(CAST(n_c3 AS VARCHAR), 1, 201) AS n3, substr(CAST(n_c4 AS VARCHAR), 1, 201) AS n4 FROM changed WHERE in_next = 1 AND in_base = 1 ORDER BY n_c0, n_c1 LIMIT 10;

-- sample of gone
SELECT substr(CAST(b_c0 AS VARCHAR), 1, 201) AS b0, substr(CAST(b_c1 AS VARCHAR), 1, 201) AS b1, substr(CAST(b_c2 AS VARCHAR), 1, 201) AS b2, substr(CAST(b_c3 AS VARCHAR), 1, 201) AS b3, substr(CAST(b_c4 AS VARCHAR), 1, 201) AS b4, substr(CAST(n_c0 AS VARCHAR), 1, 201) AS n0, substr(CAST(n_c1 AS VARCHAR), 1, 201) AS n1, substr(CAST(n_c2 AS VARCHAR), 1, 201) AS n2, substr(CAST(n_c3 AS VARCHAR), 1, 201) AS n3, substr(CAST(n_c4 AS VARCHAR), 1, 201) AS n4 FROM missing WHERE NOT kept AND NOT (SELECT suspended FROM suspension) ORDER BY b_c0, b_c1 LIMIT 10;

-- without rejects, rows
SELECT c0 AS "id", c1 AS "region", c2 AS "price", c3 AS "at", c4 AS "seen" FROM (SELECT part, ord, CASE WHEN readable AND strlen(CAST(c0 AS VARCHAR)) + strlen(c1) > 2600 THEN 'KEY_TOO_LONG:0' ELSE problem END AS problem,
  readable, c0, c1, c2, c3, c4 FROM (SELECT part, ord, coalesce(k0 || ':0', k1 || ':1', k2 || ':2', k3 || ':3', k4 || ':4') AS problem, (k0 IS NULL AND k1 IS NULL) AS readable, TRY_CAST(r0 AS BIGINT) AS c0, r1 AS c1, TRY_CAST(r2 AS decimal(12,2)) AS c2, timezone('UTC', (TRY_CAST(substr(r3, 1, 10) || ' ' || regexp_extract(substr(r3, 12), '^[0-9:]{8}([.][0-9]{1,6})?', 0) AS TIMESTAMP) - to_minutes(CASE WHEN regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 1) = '-' THEN -1 ELSE 1 END * CASE
    WHEN right(r3, 1) IN ('Z', 'z') THEN 0 ELSE coalesce(TRY_CAST(regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 2) AS INTEGER), 0) * 60 + coalesce(TRY_CAST(regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 3) AS INTEGER), 0) END))) AS c3, TRY_CAST(r4 AS DATE) AS c4
FROM (SELECT *, CASE WHEN r0 IS NULL THEN 'KEY_MISSING' ELSE CASE WHEN coalesce(CAST(TRY_CAST(r0 AS BIGINT) AS VARCHAR) = r0, false) THEN NULL
      WHEN regexp_full_match(r0, '[+-]?[0-9]+') THEN CASE WHEN TRY_CAST(r0 AS BIGINT) IS NULL THEN 'OVERFLOW' END
      WHEN regexp_full_match(r0, '[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)') THEN 'NOT_A_NUMBER' ELSE 'FORMAT' END END AS k0, CASE WHEN r1 IS NULL THEN 'KEY_MISSING' WHEN r1 = '' THEN 'KEY_MISSING' ELSE NULL END AS k1, CASE WHEN r2 IS NULL THEN 'REQUIRED' ELSE CASE WHEN coalesce(CAST(TRY_CAST(r2 AS decimal(12,2)) AS VARCHAR) = r2, false) THEN NULL
      WHEN regexp_full_match(r2, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)') THEN CASE
        WHEN regexp_full_match(r2, '[+-]?0*[1-9][0-9]{10}[0-9]*([.][0-9]*)?') THEN 'OVERFLOW'
        WHEN regexp_full_match(r2, '[^.]*[.][0-9]{2}[0-9]*[1-9][0-9]*') THEN 'SCALE' END
      WHEN regexp_full_match(r2, '[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)') THEN 'NOT_A_NUMBER' ELSE 'FORMAT' END END AS k2, CASE WHEN r3 IS NULL THEN NULL ELSE CASE 
      WHEN regexp_full_match(r3, '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][\s\S]*)?') THEN CASE
        WHEN TRY_CAST(substr(r3, 1, 10) AS DATE) IS NULL OR substr(r3, 1, 4) = '0000' THEN 'DATE'
        WHEN r3 < '1000' THEN 'DATE_RANGE'
        WHEN NOT regexp_full_match(substr(r3, 12), '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)? ?([Zz]|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)') THEN 'TIME'
        WHEN regexp_full_match(substr(r3, 12), '[0-9:]{8}[.][0-9]{6}[0-9]*[1-9][0-9]*([^0-9].*)?') THEN 'SCALE'
        WHEN year((TRY_CAST(substr(r3, 1, 10) || ' ' || regexp_extract(substr(r3, 12), '^[0-9:]{8}([.][0-9]{1,6})?', 0) AS TIMESTAMP) - to_minutes(CASE WHEN regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 1) = '-' THEN -1 ELSE 1 END * CASE
    WHEN right(r3, 1) IN ('Z', 'z') THEN 0 ELSE coalesce(TRY_CAST(regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 2) AS INTEGER), 0) * 60 + coalesce(TRY_CAST(regexp_extract(r3, '([+-])([0-9]{2}):?([0-9]{2})?$', 3) AS INTEGER), 0) END))) NOT BETWEEN 1000 AND 9999 THEN 'DATE_RANGE' END
      WHEN regexp_full_match(r3, '[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}([^0-9][\s\S]*)?') THEN 'DATE_AMBIGUOUS'
      WHEN regexp_full_match(r3, '[+-]?[0-9]{5,}-[0-9]{2}-[0-9]{2}[\s\S]*|[0-9]+-[0-9]{2}-[0-9]{2}[\s\S]* BC') THEN 'DATE_RANGE'
      ELSE 'DATE' END END AS k3, CASE WHEN r4 IS NULL THEN NULL ELSE CASE WHEN coalesce(CAST(TRY_CAST(r4 AS DATE) AS VARCHAR) = r4, false) AND length(r4) = 10 AND r4 >= '1000' AND r4 < 'A' THEN NULL
      WHEN regexp_full_match(r4, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN CASE
        WHEN TRY_CAST(r4 AS DATE) IS NULL OR substr(r4, 1, 4) = '0000' THEN 'DATE' ELSE 'DATE_RANGE' END
      WHEN regexp_full_match(r4, '[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}([^0-9][\s\S]*)?') THEN 'DATE_AMBIGUOUS'
      WHEN regexp_full_match(r4, '[+-]?[0-9]{5,}-[0-9]{2}-[0-9]{2}[\s\S]*|[0-9]+-[0-9]{2}-[0-9]{2}[\s\S]* BC') THEN 'DATE_RANGE'
      ELSE 'DATE' END END AS k4 FROM next_records) coded) typed) judged WHERE problem IS NULL;

-- without rejects, keysTwice
SELECT count(*) AS keys FROM (SELECT 1 FROM rows GROUP BY "id", "region" HAVING count(*) > 1) twice;

-- without rejects, fingerprint
SELECT count(*) AS rows, CAST(coalesce(sum(hi), 0) % 18446744073709551616 AS VARCHAR) AS hi, CAST(coalesce(sum(lo), 0) % 18446744073709551616 AS VARCHAR) AS lo FROM (SELECT ((hi & 4294967295::UBIGINT) * 4294967296::UBIGINT) | ((hi >> 32) & 4294967295::UBIGINT) AS hi, ((lo & 4294967295::UBIGINT) * 4294967296::UBIGINT) | ((lo >> 32) & 4294967295::UBIGINT) AS lo
FROM (SELECT ((hi & 281470681808895::UBIGINT) * 65536::UBIGINT) | ((hi >> 16) & 281470681808895::UBIGINT) AS hi, ((lo & 281470681808895::UBIGINT) * 65536::UBIGINT) | ((lo >> 16) & 281470681808895::UBIGINT) AS lo
FROM (SELECT ((hi & 71777214294589695::UBIGINT) * 256::UBIGINT) | ((hi >> 8) & 71777214294589695::UBIGINT) AS hi, ((lo & 71777214294589695::UBIGINT) * 256::UBIGINT) | ((lo >> 8) & 71777214294589695::UBIGINT) AS lo
FROM (SELECT CAST(h & 18446744073709551615::UHUGEINT AS UBIGINT) AS hi, CAST(h >> 64 AS UBIGINT) AS lo
FROM (SELECT md5_number(t) AS h FROM (SELECT concat_ws(',', coalesce(CAST(CAST("id" AS VARCHAR) AS VARCHAR), ''), coalesce("region", ''), coalesce(CAST(CAST("price" AS VARCHAR) AS VARCHAR), ''), coalesce(CAST(CAST(timezone('UTC', "at") AS VARCHAR) AS VARCHAR), ''), coalesce(strlen("region"), -1)) AS t FROM rows) rows_all) hashed) swapped8) swapped16) swapped32) numbers;

-- without rejects, nulls
SELECT count(*) AS rows, count(*) - count("price") AS c2, count(*) - count("at") AS c3 FROM rows;
