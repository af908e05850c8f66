import type { RunState } from '../run/state.ts';

interface ExplainedState {
  readonly meaning: string;
  /** What leads out of it; of a state that is a good end, what may follow. */
  readonly whatToDo: string;
}

export const explainedStates: Record<RunState, ExplainedState> = {
  running: {
    meaning: 'A process works on the run, or ended in the middle. Its lease in the ledger says until when it owns it.',
    whatToDo:
      'Wait. If the process is gone, run the same command: it takes the run over as soon as the lease ends, 15 seconds after the last sign of life on a machine of your own.',
  },
  published: {
    meaning: 'The delivery is in production, all tables in one transaction, and proved.',
    whatToDo: 'Nothing. Other bytes for the same date become its next revision.',
  },
  unchanged: {
    meaning: 'The delivery is the one that production holds already, so nothing was written.',
    whatToDo: 'Nothing.',
  },
  held: {
    meaning: 'A guard found numbers that are not usual. Production is as it was before the night.',
    whatToDo:
      'Look at the numbers and rows with `nightfeed status RUN`, then `nightfeed approve RUN --by WHO --reason WHY` lets it in, and `nightfeed reject RUN --by WHO --reason WHY` ends it. The next date may run meanwhile; when it is published, it supersedes this run.',
  },
  late: {
    meaning: 'The delivery was not there, or not whole, at the deadline. Production is as it was before the night.',
    whatToDo:
      'When the vendor has delivered, run it: `nightfeed run FEED.yaml --date DATE`. The next date may run before.',
  },
  refused: {
    meaning:
      'The delivery, or what it would become, breaks a rule that nobody can wave through. Production is as it was.',
    whatToDo:
      '`nightfeed status RUN` names the error. Have the vendor send a right delivery, or correct the feed file, and run the date again.',
  },
  failed: {
    meaning: 'Something other than the delivery stopped the run. Production is as it was, or fully published.',
    whatToDo:
      '`nightfeed status RUN` names the error. When it is mended, run the date again: the run goes on where it was.',
  },
  rejected: {
    meaning: 'Somebody ended the held run. Production is as it was before it.',
    whatToDo: 'Nothing. Other bytes for the same date become its next revision.',
  },
  superseded: {
    meaning:
      'A newer delivery was published while this run was held or unfinished, so it will not be published any more.',
    whatToDo: 'Nothing: what it would have brought is in the newer delivery.',
  },
};
