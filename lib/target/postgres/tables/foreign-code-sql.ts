/**
 * Whether a role of pg_roles has the rights of our role `us` anyway, or is responsible for this whole database. Such a role
 * gains no rights by what it owns. Before PostgreSQL 16 a role that may create roles can make itself a member of any other but a
 * superuser.
 */
const isTrusted = (role: string) =>
  `(pg_has_role(${role}.oid, us.oid, 'MEMBER') OR NOT us.rolsuper AND (
    ${role}.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
    OR ${role}.rolcreaterole AND current_setting('server_version_num')::integer < 160000))`;

/** The `owned` objects whose owners would get our rights through them, with the names of object and owner. */
export const foreignAmong = (owned: string) => `
SELECT owned.*, o.rolname AS owner_name, us.rolname AS our_name
FROM (${owned}) AS owned JOIN pg_roles o ON o.oid = owned.owner JOIN pg_roles us ON us.rolname = current_user
WHERE NOT ${isTrusted('o')}`;

/**
 * Functions, operators and types that are not PostgreSQL's own and that writing these relations calls, and `by` which catalogue:
 * of triggers, rules, policies, defaults, generated columns, constraints, indexes, columns. `relations` is a table with their
 * `oid`. PostgreSQL notes no dependency on what it brings along.
 */
export const calledCode = (relations: string) => `
SELECT DISTINCT part.relation, part.classid AS by, coalesce(p.proowner, o.oprowner, y.typowner) AS owner,
  coalesce('function ' || p.oid::regprocedure, 'operator ' || o.oid::regoperator, 'type ' || y.oid::regtype) AS what
FROM (
  SELECT oid AS relation, 'pg_class'::regclass::oid AS classid, oid AS objid FROM ${relations}
  UNION ALL
  SELECT r.oid, d.classid, d.objid FROM ${relations} AS r
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.deptype IN ('a', 'i')
) AS part
JOIN pg_depend u ON u.classid = part.classid AND u.objid = part.objid
LEFT JOIN pg_proc p ON u.refclassid = 'pg_proc'::regclass AND p.oid = u.refobjid
LEFT JOIN pg_operator o ON u.refclassid = 'pg_operator'::regclass AND o.oid = u.refobjid
LEFT JOIN pg_type y ON u.refclassid = 'pg_type'::regclass AND y.oid = u.refobjid
WHERE coalesce(p.oid, o.oid, y.oid) IS NOT NULL`;
