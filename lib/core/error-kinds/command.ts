import { type ErrorKind, failed, usage } from './error-kind.ts';

/** The command, who gives it, and what runs it. */
export const commandErrors = {
  NODE_VERSION: usage(
    'This Node is too old: nightfeed needs 22.22 or newer. In a clone, `npm run nightfeed` uses the Node that comes with it.',
    'Install Node 24, or 22.22 and newer. In a clone, `npm run nightfeed` brings its own Node.',
  ),
  EXECUTION_DIED: failed(
    'On AWS: the execution was stopped, ran out of time, or lost a task that could not say why (often memory). The run was released.',
    'Production is as it was or fully published. Look at the execution and at the log of its last task, then run again.',
  ),
  NIGHT_DIED: failed(
    '[`nightfeed serve`](serve.md): the process of a night ended without an answer, by a signal or for want of memory. The others go on.',
    'Production is as it was or fully published. The same night is run again in ten minutes; when it stays so, run it by hand: `nightfeed run FEED.yaml`.',
  ),
  UNFORESEEN: failed(
    'A fault of nightfeed itself.',
    'This is a fault of nightfeed. Production is untouched unless the run is published. Please report it.',
  ),
  BUSY: {
    state: 'busy',
    retry: 'never',
    meaning: 'Another process works on this feed.',
    hint: 'Wait for the other process, or look at `nightfeed status`.',
  },
  FEED_OTHER: usage(
    'The input of an execution on AWS names another feed document than the deployed one. Who deploys decides which rules apply, not who starts an execution.',
    'Start the execution without `feed`; to change the document, deploy it.',
  ),
  FEED_INVALID: usage(
    'The feed file has faults. The message names each with its line, what was received and what is allowed.',
    'Correct the feed file; `nightfeed validate FEED.yaml` checks it.',
  ),
  USAGE: usage('Unknown command or option, or a missing argument.', 'See `nightfeed --help`.'),
  OTHER_USER: usage(
    'A folder or a file that nightfeed would use belongs to another user of the machine, who could read or change what is in it. Nothing was done.',
    'Run the command as that user, or set NIGHTFEED_HOME to a folder of your own.',
  ),
  ACCOUNT_OTHER: usage(
    '`account` in nightfeed.config.yaml is another account than that of the AWS credentials. Nothing was synthesised or deployed.',
    'Sign in to the account of the configuration, for example with `--profile`; or correct `account`.',
  ),
  REGION_LACKS: usage(
    'AWS does not offer a service in this region that the stage needs. The message names the service, and where AWS says so. Nothing was deployed.',
    'Choose another `region` in nightfeed.config.yaml, or leave out the option that needs the service.',
  ),
  RUN_UNKNOWN: usage('There is no run of this name.', '`nightfeed history` lists the runs.'),
  SECOND_PERSON: usage(
    'This guard needs two people, and the same person approved it twice. On AWS all sessions of one role count as one person, unless `people_roles` in nightfeed.config.yaml names the role.',
    'Somebody else has to approve it too; `nightfeed status RUN` shows who did. On AWS all sessions of a role count as one person, unless `people_roles` in nightfeed.config.yaml names it: the second person has to sign in as another user of IAM, or with another role, or under their own name with a role of `people_roles`.',
  ),
  NOT_HELD: usage(
    'Only a held run can be approved or rejected, and only for the guards that hold it.',
    'Only a held run can be approved or rejected; `nightfeed status` shows which.',
  ),
} as const satisfies Record<string, ErrorKind>;
