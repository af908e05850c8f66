import { expect, test } from 'vitest';
import { jobFailed } from '../../lib/engines/spark/glue-failure.ts';

const ended = (ErrorMessage: string) => jobFailed({ Id: 'jr_1', JobRunState: 'FAILED', ErrorMessage });

test.each([
  ['ValueError: [PLAN_NEWER] the plan is of version 2, this job runs those up to 1', 'OBJECT_NEWER'],
  ['AnalysisException: [PATH_NOT_FOUND] Path does not exist: s3://x/y', 'OBJECT_MISSING'],
  ['RuntimeError: inserted: 3 rows were computed', 'ENGINE_FAILED'],
])('%s', (message, name) => {
  expect(ended(message)).toMatchObject({ name });
});
