/** What a database says of itself to the role that the nights of a feed log in as. */
export interface DatabaseHealth {
  /** As the server writes it, such as `17.2`, and the first number of it. */
  readonly version: string;
  readonly major: number;
  readonly database: string;
  readonly role: string;
  readonly encoding: string;
  /** A standby, or a role or database that may only read. */
  readonly isReadOnly: boolean;
  /** It counts written rows, without which no night can prove what it wrote. */
  readonly countsRows: boolean;
  /** Connections that are left for this role, beside the one that asks. */
  readonly freeConnections: number;
  /** What the role may not do, though nights need it. */
  readonly lacks: readonly MissingRight[];
}

/** A right that a role lacks. */
export interface MissingRight {
  /** Such as `SELECT on "nightfeed"."run"`. */
  readonly right: string;
  /** The statement or command that helps, for whoever owns the object. */
  readonly remedy: string;
}
