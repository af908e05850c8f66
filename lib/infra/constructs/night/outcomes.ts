import { Choice, Condition, Fail, type IChainable, Pass, Result, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ErrorName } from '../../../core/errors.ts';

/**
 * How an execution ends. It fails when somebody has to act. It succeeds when the run is held, because the hold asks for the decision,
 * when it is rejected or superseded, because a person or a newer delivery has decided, and when another execution does what it is for.
 */
export class Outcomes {
  readonly published: Succeed;
  readonly unchanged: Succeed;
  readonly held: Succeed;
  readonly rejected: Succeed;
  readonly superseded: Succeed;
  readonly planned: Succeed;
  readonly answered: Succeed;
  readonly notDue: Succeed;
  readonly holiday: Succeed;
  readonly holidayBehind: Succeed;
  readonly running: Succeed;
  readonly awaited: Succeed;
  readonly late: Fail;
  readonly refused: Fail;
  readonly failed: IChainable;
  readonly busy: Fail;

  constructor(scope: Construct) {
    const succeed = (name: string, comment: string) => new Succeed(scope, name, { comment });
    const fail = (name: string, comment: string) =>
      new Fail(scope, name, { comment, errorPath: '$.error.Error', causePath: CAUSE });
    this.published = succeed('Published', 'Production holds this delivery');
    this.unchanged = succeed('Unchanged', 'Production held this delivery already');
    this.held = succeed('Held', 'A guard holds the change set until somebody approves or rejects it');
    this.rejected = succeed('Rejected', 'Somebody rejected this delivery');
    this.superseded = succeed('Superseded', 'A newer delivery took its place');
    this.planned = succeed('Planned', 'Said what the night would do; nothing was changed');
    this.answered = succeed('Answered', 'The operator has the answer, good or bad');
    this.notDue = succeed('Not due', 'The schedule starts this night at another time');
    this.holiday = succeed('Holiday', 'Nothing is expected today, and production holds the night before');
    this.holidayBehind = succeed('Holiday behind', 'Nothing is expected today, but production lacks the night before');
    this.running = succeed('Running', 'Another execution works on this night, and will say how it ends');
    this.awaited = succeed(
      'Awaited',
      'An event came before the delivery was whole, or is not about a night that is due',
    );
    this.late = fail('Late', 'No complete delivery by the deadline');
    this.refused = fail('Refused', 'What came cannot be a delivery');
    this.failed = withCause(
      scope,
      fail('Failed', 'Something broke; production is untouched unless the run is published'),
    );
    // Also reached without an error, when another process took the run over.
    this.busy = new Fail(scope, 'Busy', {
      comment: 'Another execution works on this feed',
      error: 'BUSY' satisfies ErrorName,
      cause: 'Another execution works on this feed. Nothing to do: it will say how it ends.',
    });
  }
}

const CAUSE = '$.error.Cause';

/**
 * Leads to a Fail that says a cause, which its path must find. AWS gives none for some errors, such as States.Timeout. Late and Refused
 * need no such state: only functions throw the errors that lead there, and always with a cause.
 */
function withCause(scope: Construct, fail: Fail): IChainable {
  const none = new Pass(scope, 'No cause', {
    comment: 'AWS said only the name of the error',
    result: Result.fromString('AWS gave no cause. For States.Timeout: the state took longer than its TimeoutSeconds.'),
    resultPath: CAUSE,
  });
  return new Choice(scope, 'Cause?', { comment: 'Did AWS say more than the name of the error?' })
    .when(Condition.isPresent(CAUSE), fail)
    .otherwise(none.next(fail));
}
