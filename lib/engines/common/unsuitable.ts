/** A way of comparing answers with this when it does not suit the inputs. It says why; another way has to compare them. */
export class Unsuitable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
