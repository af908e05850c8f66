/** The answer of a way to compare that does not suit these inputs, and why; another way has to compare them. */
export class Unsuitable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
