-- Roles of people that read and write runs may do the same with what nights have kept beside them since. Logins get their rights from their
-- deployment.
DO $grants$
DECLARE
  role text;
  rights text;
BEGIN
  FOR role, rights IN
    SELECT CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END, string_agg(acl.privilege_type, ', ')
    FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS acl
    WHERE c.oid = 'nightfeed.run'::regclass AND acl.privilege_type IN ('SELECT', 'INSERT', 'UPDATE') AND acl.grantee <> c.relowner
      AND NOT EXISTS (SELECT FROM nightfeed.login WHERE acl.grantee <> 0 AND role_name = pg_get_userbyid(acl.grantee))
    GROUP BY acl.grantee
  LOOP
    EXECUTE format('GRANT %s ON nightfeed.outbox_channel, nightfeed.missed, nightfeed.pickup_log TO %s', rights, role);
  END LOOP;
END $grants$;
