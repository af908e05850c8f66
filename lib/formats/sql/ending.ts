import { NightfeedError } from '../../core/errors.ts';
import { endMarks } from './dialects.ts';
import type { Dialect, SqlFormat } from './options.ts';

/** What tells that a dump is whole: the comment at its end, and that transactions are committed. Throws SQL_INCOMPLETE. */
export class Ending {
  readonly #mark: RegExp;
  readonly #mayBeMissing: boolean;
  #isThere = false;
  #isUncommitted = false;

  constructor(dialect: Dialect, { allow_missing_end }: SqlFormat) {
    this.#mark = endMarks[dialect];
    this.#mayBeMissing = allow_missing_end === true;
  }

  seeComment(comment: string): void {
    if (this.#mark.test(comment)) this.#isThere = true;
  }

  /** `label` is the statement's first word. */
  seeStatement(label: string): void {
    if (this.#isThere) throw incomplete('statements follow the comment that ends a dump; dumps were put together');
    if (label === 'BEGIN' || label === 'START') this.#isUncommitted = true;
    if (label === 'COMMIT') this.#isUncommitted = false;
  }

  /** When all was read. */
  check(): void {
    if (this.#isUncommitted)
      throw incomplete('the dump begins a transaction and never commits it; it may have been cut');
    if (!this.#isThere && !this.#mayBeMissing)
      throw incomplete(
        'the dump does not end with the comment that its writer puts there; it may have been cut. Where there never is one, `format.allow_missing_end: true` takes the dump',
      );
  }
}

function incomplete(message: string): NightfeedError {
  return new NightfeedError('SQL_INCOMPLETE', message);
}
