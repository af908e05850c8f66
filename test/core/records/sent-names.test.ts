import { expect, test } from 'vitest';
import { bindHeader } from '../../../lib/core/records/bind-header.ts';
import { parseFeed } from '../../support/parse-feed.ts';

/** How a table with these columns and options binds a header: the names in file order, or the error. */
function bound(header: string, columns: string, options = ''): string {
  const { tables } = parseFeed(
    `feed: lab
source: {folder: .}
tables: {t: {files: "*", columns: {id: {type: bigint, key: true}, ${columns}}${options}}}
`,
    'feed.yaml',
  );
  const { columns: declared, contract, ignore } = tables.t!;
  const named = Object.entries(declared).map(([name, { key, from }]) => ({ name, key, from }));
  try {
    const { names, added, notes } = bindHeader(header.split(','), { columns: named, contract, ignore }, header);
    return [names.join(), ...added.map((name) => `+${name}`), ...notes].join(' ');
  } catch (thrown) {
    return (thrown as Error).name;
  }
}

test.each([
  // A name in the file that is not the column's.
  ['id,Gültig ab', 'since: {type: text, from: Gültig ab}', '', 'id,since'],
  ['id,since', 'since: {type: text, from: Gültig ab}', '', 'HEADER_MISMATCH'],
  ['id,since,Gültig ab', 'since: {type: text, from: Gültig ab}', '', 'id,since (not read),since +since (not read)'],
  ['id,since,Gültig ab', 'since: {type: text, from: Gültig ab}', ', ignore: [since]', 'id,since (not read),since'],
  ['b,a,id', 'a: {type: text, from: b}, b: {type: text, from: a}', '', 'a,b,id'],
  ['id,', 'a: {type: text, from: ""}', '', 'id,a'],
  // Several columns of one name.
  ['id,x,x', 'a: {type: text, from: {name: x, nth: 2}}', ', ignore: [x]', 'id,x,a'],
  ['id,x,x', 'a: {type: text, from: {name: x, nth: 2}}, x: text', '', 'id,x,a'],
  ['id,x,x', 'a: {type: text, from: {name: x, nth: 3}}', ', ignore: [x]', 'SCHEMA_MISSING'],
  ['id,x,x', 'x: text', '', 'HEADER_DUPLICATE'],
  ['id,x,x,x', 'a: {type: text, from: {name: x, nth: 2}}', '', 'HEADER_DUPLICATE'],
  // Columns that nobody wants.
  ['id,name,j,j,k', 'name: text', ', ignore: [j, k, l]', 'id,name,j,j,k'],
  ['id,name,j', 'name: text', ', ignore: [k]', 'id,name,j +j'],
  ['id,name,j,j', 'name: text', ', contract: {added: ignore}', 'id,name,j,j columns left out: "j", "j"'],
  ['id,j,name,', 'name: text', ', ignore: [j, ""], contract: {reordered: refuse}', 'id,j,name,'],
  // Something may have been renamed: nobody can tell.
  ['id,title,j', 'name: text', ', contract: {added: ignore}', 'HEADER_MISMATCH'],
  ['id,title,j', 'name: text', ', ignore: [j]', 'HEADER_MISMATCH'],
  ['id,j', 'name: text', ', ignore: [j]', 'SCHEMA_MISSING'],
])('%s for %s%s is bound as %s', (header, columns, options, expected) => {
  expect(bound(header, columns, options)).toBe(expected);
});
