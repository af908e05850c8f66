import { cloudNames } from '../../../../lib/core/cloud/cloud-names.ts';
import type { Aws } from '../aws.ts';
import { queryAws } from '../aws-request.ts';
import { ACCOUNT } from './deployed-things.ts';

/** The environment of a person whose role has the managed policy for operators of a feed, and no other right. */
export async function signInAsOperator(aws: Aws, stage: string, feed: string): Promise<Record<string, string>> {
  const iam = (Action: string, request: Record<string, string>) =>
    queryAws(aws, 'iam', { Action, Version: '2010-05-08', ...request });
  const policy = cloudNames(stage, feed).function('operators');
  const RoleName = `${policy}-person`;
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' };
  await iam('CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
  });
  await iam('AttachRolePolicy', { RoleName, PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${policy}` });
  const answer = await queryAws(aws, 'sts', {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}`,
    RoleSessionName: 'ada',
  });
  const given = (tag: string) => new RegExp(`<${tag}>([^<]+)`).exec(answer)![1]!;
  return {
    ...aws.environment,
    AWS_ACCESS_KEY_ID: given('AccessKeyId'),
    AWS_SECRET_ACCESS_KEY: given('SecretAccessKey'),
    AWS_SESSION_TOKEN: given('SessionToken').replaceAll('&#x2F;', '/'),
  };
}
