/**
 * Rows of id, name, price and day as RFC 4180 and the plainest spelling of each value have them; what is in any way odd is
 * left out. Written with regular expressions and nothing of ours, to judge what others read. Null is an unquoted nothing.
 */
export function strictRead(bytes: Buffer): (string | null)[][] {
  const text = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  const header = /^(?:"?(?:id|name|price|day)"?,?)+(\r\n|\n|\r)/.exec(text);
  if (!header) return [];
  const recordEnd = header[1]!;
  const names = header[0].slice(0, -recordEnd.length).replaceAll('"', '').split(',');
  const rows: (string | null)[][] = [];
  const record = new RegExp(`((?:"(?:[^"]|"")*"|[^",\\r\\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\\r\\n]*))*)${recordEnd}`, 'y');
  for (let at = header[0].length; at < text.length; ) {
    record.lastIndex = at;
    const found = record.exec(text);
    if (!found) {
      const end = text.indexOf(recordEnd, at);
      if (end < 0) break;
      at = end + recordEnd.length;
      continue;
    }
    at += found[0].length;
    const fields = [...found[1]!.matchAll(/(?<=^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)].map(([, quoted, plain]) =>
      quoted === undefined ? plain || null : quoted.replaceAll('""', '"'),
    );
    const row = fields.length === names.length ? typed(names, fields) : null;
    if (row) rows.push(row);
  }
  return rows;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function typed(names: readonly string[], fields: readonly (string | null)[]): (string | null)[] | null {
  const value = (name: string) => fields[names.indexOf(name)] ?? null;
  const [id, price, day] = [value('id'), value('price'), value('day')];
  if (id === null || !/^[+-]?\d{1,9}$/.test(id)) return null;
  if (price !== null && !/^[+-]?(?=\d|\.\d)0*\d{0,5}(\.\d{0,2}0*)?$/.test(price)) return null;
  if (day !== null && !(/^[1-9]\d{3}-\d\d-\d\d$/.test(day) && isDay(day))) return null;
  try {
    const name = value('name') === null ? null : utf8.decode(Buffer.from(value('name')!, 'latin1'));
    if (name?.includes('\0')) return null;
    const amount = price === null ? null : Number(price).toFixed(2).replace('-0.00', '0.00');
    return [String(Number(id) + 0), name, amount, day];
  } catch {
    return null;
  }
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
