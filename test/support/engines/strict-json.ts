/**
 * Rows of id, name, price and day as JSON.parse has them, of the objects in `records`; what is in any way odd is left out.
 * Nothing of ours reads here, to judge what others read.
 */
export function strictRows(records: readonly unknown[]): (string | null)[][] {
  return records.flatMap((record) => {
    if (typeof record !== 'object' || record === null) return [];
    const { id, name = null, price = null, day = null } = record as Record<string, unknown>;
    const isOdd = [name, day].some((text) => typeof text !== 'string' && text !== null);
    const isPriced = price === null || /^-?\d+(\.\d+)?$/.test(String(price));
    if (isOdd || !isPriced || !/^-?\d+$/.test(String(id))) return [];
    const cents = price === null ? null : Number(price).toFixed(2);
    return [[String(Number(id)), name as string | null, cents, day as string | null]];
  });
}

/** Objects of an array, or of all lines that are JSON. */
export function strictJson(bytes: Buffer, isLines: boolean): unknown[] {
  const text = bytes.toString().replace(/^\ufeff/, '');
  if (!isLines) return (parsed(text) as unknown[] | undefined) ?? [];
  return text.split('\n').map((line) => parsed(line.replace(/^\ufeff/, '')));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
