import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDelimited } from '../../support/formats/read-delimited.ts';
import { type MariaDb, startMariaDb } from '../../support/vendors/mariadb.ts';
import { whyNoVendorServers } from '../../support/vendors/vendor-servers.ts';
import { readDump } from './read-dump.ts';

const made = String.raw`
CREATE TABLE other (id int PRIMARY KEY, x text);
INSERT INTO other VALUES (1, 'of another table; INSERT INTO products VALUES (9);');
CREATE TABLE products (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  name text COMMENT 'a ''name''; (x)',
  price decimal(12,2), twice decimal(14,2) GENERATED ALWAYS AS (price * 2) STORED, ${'`Key; "x"`'} varchar(20),
  day date, at timestamp NULL, time time(3), kind enum('a', 'b,c', 'd''e'), n double, whole json
) PARTITION BY HASH (id) PARTITIONS 3;
INSERT INTO products (name, price, ${'`Key; "x"`'}, day, at, time, kind, n, whole) VALUES
  ('one', 1.00, 'k', '2026-11-20', '2026-11-20 10:00:00', '10:00:00.5', 'a', 1.5, '{"a": [1, "b\\n"]}'),
  ('it''s "two"\\ with\ttab, and\nlines\r\n; DROP TABLE products; -- no', -2.5, NULL, NULL, NULL, '-838:59:59', 'b,c', 1e300, NULL),
  ('größe €𝄞 \\N \\. \Z\b', NULL, '\\N', '0000-00-00', '2026-07-01 00:00:00', NULL, 'd''e', -0.001, NULL),
  ('', 0, '', NULL, NULL, NULL, NULL, NULL, NULL),
  ('/*!50000 no comment */ ${'`x`'} ''; # -- ', 99999.99, '--', NULL, NULL, NULL, NULL, NULL, NULL),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE VIEW cheap AS SELECT id FROM products WHERE price < 2;
CREATE TRIGGER touched BEFORE DELETE ON other FOR EACH ROW INSERT INTO products (name) VALUES ('; no row');
`;
const columns = ['id', 'name', 'price', 'Key; "x"', 'day', 'at', 'time', 'kind', 'n', 'whole'];

describe.skipIf(whyNoVendorServers)(
  `what mysqldump of MariaDB writes${whyNoVendorServers ? ` (skipped: ${whyNoVendorServers})` : ''}`,
  () => {
    let server: MariaDb;
    /** As MariaDB itself shows the values. */
    let rows: (string | null)[][];
    beforeAll(async () => {
      server = await startMariaDb();
      server.ask(`SET sql_mode = ''; SET time_zone = '+00:00'; ${made}`);
      const values = columns.map((name) => `ifnull(hex(convert(\`${name}\` USING utf8mb4)), '-')`);
      rows = server
        .ask(`SET time_zone = '+00:00'; SELECT ${values.join(', ')} FROM products ORDER BY id`)
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t').map((hex) => (hex === '-' ? null : Buffer.from(hex, 'hex').toString())));
    });
    afterAll(() => server?.close());

    const inOrder = (found: readonly (string | null)[][]) => [...found].sort((a, b) => Number(a[0]) - Number(b[0]));

    test('the server shows what was put in', () => {
      expect(rows).toHaveLength(6);
      expect(rows[1]![1]).toBe('it\'s "two"\\ with\ttab, and\nlines\r\n; DROP TABLE products; -- no');
      expect(rows[2]!.slice(1, 5)).toEqual(['größe €𝄞 \\N \\. \x1a\b', null, '\\N', '0000-00-00']);
    });

    test.each<string[]>([
      ['--opt'],
      ['--hex-blob', '--single-transaction', '--quick'],
      ['--complete-insert'],
      ['--skip-extended-insert'],
      ['--triggers', '--add-drop-trigger', '--tz-utc'],
      ['--no-create-db', '--add-drop-table', '--skip-add-locks', '--skip-disable-keys'],
      ['--skip-quote-names'],
      ['--order-by-primary', '--skip-comments', '--dump-date'],
    ])('by %j is read as the server shows the rows', async (...options) => {
      // Without comments nothing says the dialect or the end.
      const told = options.includes('--skip-comments') ? { dialect: 'mysql', allow_missing_end: true } : {};
      const found = await readDump(server.dump(...options), { table: 'products', ...told }, 64);
      // A dump has no values for generated columns.
      const at = columns.map((name) => found.header.indexOf(name));
      expect(inOrder(found.rows.map((row) => at.map((index) => row[index] ?? null)))).toEqual(rows);
      expect(found.rejects).toEqual([]);
    });

    test.each([
      ['--replace', 'SQL_STATEMENT'],
      ['--insert-ignore', 'SQL_STATEMENT'],
      ['--compatible=ansi', 'SQL_STATEMENT'],
      ['--xml', 'SQL_DIALECT'],
    ])('by %s is refused', async (option, name) => {
      await expect(readDump(server.dump(option), { table: 'products' })).rejects.toMatchObject({ name });
    });

    test.each([
      ['as it is', '', { quote: '' }],
      ['with fields enclosed', "ENCLOSED BY '\"'", {}],
      ['with texts enclosed', "OPTIONALLY ENCLOSED BY '\"'", {}],
    ])('INTO OUTFILE, %s, is read as the server shows the rows', async (name, enclosed, format) => {
      const path = join(server.folder, name.replaceAll(' ', '-'));
      const names = columns.map((column) => `\`${column}\``).join(', ');
      server.ask(
        `SET time_zone = '+00:00'; SELECT ${names} INTO OUTFILE '${path}' CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\\t' ${enclosed} FROM products ORDER BY id`,
      );
      const options = {
        delimiter: '\t',
        record_end: '\n',
        header: false,
        escape: 'mysql',
        null_values: ['\\N'],
        ...format,
      };
      const { rows: found, rejects } = await readDelimited(
        options,
        readFileSync(path),
        columns.map((_, at) => `c${at}`),
        [7],
      );
      expect(rejects).toEqual({});
      expect(found).toEqual(rows);
    });
  },
);
