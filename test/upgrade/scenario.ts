import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Feed files, by the name of the feed. A version's state is made with these; what is changed later is said in the test. */
export const feeds: Readonly<Record<string, string>> = {
  // Nothing in it ever changed its meaning.
  plain: `feed: plain
source: {folder: "./plain/{date}"}
ready: {stable: 0s}
tables:
  items:
    files: items.csv
    where: "price >= 0 or price is null"
    columns: {id: {type: bigint, key: true}, name: text, price: "decimal(8,2)"}
`,
  shaped: `feed: shaped
source: {folder: "./shaped/{date}"}
ready: {stable: 0s}
tables:
  offers:
    files: offers.csv
    guards: {rejected: 100%}
    columns:
      id: {type: integer, key: true}
      opened: {type: text, store: false}
      amount: {type: text, store: false}
      opened_on: {type: date, as: "cast(opened as date)"}
      price: {type: "decimal(12,2)", as: "cast(replace(amount, ',', '') as decimal(12,2))"}
      quantity: {type: integer, max: 10}
  stock:
    files: stock.csv
    history: true
    on_delete: delete
    retain_where: "cast(note as integer) > 0"
    guards: {gone: 100%}
    columns: {sku: {type: text, key: true}, quantity: integer, note: text}
  wide:
    files: wide.csv
    contract: {missing: evolve}
    columns: {code: {type: text, key: true}, a: text, b: text}
`,
  // Its second night is held while the version before is at work, and approved after the upgrade.
  waiting: `feed: waiting
source: {folder: "./waiting/{date}"}
ready: {stable: 0s}
tables:
  prices:
    files: prices.csv
    guards: {min_rows: 0, gone: 5%, updated: 100%, rejected: 100%, rows: {limit: [-100%, 100%]}}
    columns:
      id: {type: integer, key: true}
      amount: {type: text, store: false}
      price: {type: "decimal(8,2)", as: "cast(amount as decimal(8,2))"}
`,
};

/** A night of a feed: its files by name, as lines. */
export interface UpgradeNight {
  readonly feed: string;
  readonly date: string;
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/** What the version before did, in this order; the last night is held. */
export const nightsBefore: readonly UpgradeNight[] = [
  {
    feed: 'plain',
    date: '2026-11-18',
    files: { items: ['id,name,price', '1,one,1.00', '2,two,2.00', '3,three,-1', '4,four,'] },
  },
  {
    feed: 'plain',
    date: '2026-11-19',
    files: { items: ['id,name,price', '1,one,1.00', '2,two,2.50', '3,three,3', '5,five,5.00'] },
  },
  {
    feed: 'shaped',
    date: '2026-11-18',
    files: {
      offers: [
        'id,opened,amount,quantity',
        '1,2026-01-01,"1,000.50",1',
        '2,never,7,2',
        '3,2026-01-03,n/a,3',
        '4,2026-01-04,4,4',
      ],
      stock: ['sku,quantity,note', 'a,1,1', 'b,2,0', 'c,3,x', 'd,4,5', 'e,5,y'],
      wide: ['code,a,b', 'k1,a1,b1', 'k2,a2,b2'],
    },
  },
  {
    feed: 'shaped',
    date: '2026-11-19',
    files: {
      offers: [
        'id,opened,amount,quantity',
        '1,2026-01-01,"2,000.50",1',
        '2,never,7,2',
        '3,2026-01-03,n/a,3',
        '5,2026-01-05,5,50',
        '6,never,6,60',
      ],
      stock: ['sku,quantity,note', 'a,10,1', 'c,3,x'],
      wide: ['code,a', 'k1,a1 again', 'k2,a2'],
    },
  },
  {
    feed: 'waiting',
    date: '2026-11-18',
    files: { prices: ['id,amount', '1,1', '2,n/a', '3,3', '4,4'] },
  },
  {
    feed: 'waiting',
    date: '2026-11-19',
    files: { prices: ['id,amount', '1,x', '2,n/a', '3,30'] },
  },
];

export async function writeFeeds(folder: string): Promise<void> {
  for (const [name, text] of Object.entries(feeds)) await writeFile(join(folder, `${name}.yaml`), text);
}

/** The same bytes with the same times, whenever they are written: a listing tells no difference. */
export async function deliver(folder: string, { feed, date, files }: UpgradeNight): Promise<void> {
  const inbox = join(folder, feed, date);
  await mkdir(inbox, { recursive: true });
  const written = new Date(`${date}T03:00:00Z`);
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(join(inbox, `${name}.csv`), `${lines.join('\n')}\n`);
    await utimes(join(inbox, `${name}.csv`), written, written);
  }
}
