/** What a column's values would be read as, and why. */
export interface GuessedColumn {
  readonly type: string;
  /** Further options of the column in the feed file. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How near the values come to what the type holds; for a comment. */
  readonly margin?: string;
  /** Its numbers may count so long since 1970. */
  readonly epoch?: 's' | 'ms' | 'us';
  /** What values alone do not tell. Until a person decides, the column has a type that loses nothing, mostly text. */
  readonly doubt?: Doubt;
}

export interface Doubt {
  readonly question: string;
  /** What the answer may be; none where nothing can be chosen. */
  readonly choices: readonly Choice[];
}

interface Choice extends Pick<GuessedColumn, 'type' | 'options'> {
  readonly label: string;
  /** The decimal mark that it takes for granted. */
  readonly mark?: string;
}
