/** Why a text is not a valid expression. `at` is the place in the text, from 0. */
export class ExpressionFault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
