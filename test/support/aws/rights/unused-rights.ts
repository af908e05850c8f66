/** Rights that the deployed night does not use, and why they are there: policy, action, resource, as `auditRights` lists them. */
export const unusedRights: readonly (readonly [RegExp, string])[] = [
  [
    /^((pull|diff) |NightMachine (ecs:RunTask ecs:task-definition\/shop-(pull|diff):|iam:PassRole iam:role\/Pipeline--PipelineTasks(pull|diff)Process))/,
    'Intake does both. Executions that began before intake was deployed go on with pull and diff, and so does a feed that may need Spark.',
  ],
  [
    /^(NightMachine|deploy) lambda:InvokeFunction lambda:function:[\w-]+:\*$/,
    'The CDK grants a function together with its versions. Nothing here calls a version.',
  ],
  [
    /^\w+ s3:AbortMultipartUpload /,
    'An object of more than 8 MB is sent in parts. If its upload fails, the parts are removed.',
  ],
  [
    /^(claim|deploy|guard|look|migrate|notify|operator|publish|reader|show) s3:ListBucket /,
    'S3 says that an object is absent only to those who may list the bucket. In these nights none of what they read was absent.',
  ],
  [
    /^(deploy s3:GetObject feeds|(intake|plan|tidy) s3:GetObject changes|intake s3:GetObject landing|operator s3:GetObject (errands|receipts)|(release|show) s3:GetObject answers)$/,
    'Whoever writes or removes may read as well: after an answer that was lost, it looks at what is there.',
  ],
  [
    /^(intake|plan|release|show|tidy) s3:(GetObject|PutObject|DeleteObject) raw$/,
    'Only a file that landing converts is kept as the vendor sent it. The files of these nights are plain CSV.',
  ],
  [/^look s3:GetObject receipts$/, 'It reads what a run left that had not settled. This one had.'],
  [
    /^(Ledgerdeploy|deploy) cloudformation:DescribeStacks /,
    'An update asks whether it is being taken back. The test deploys once.',
  ],
  [/^claim s3:GetObject errands$/, 'Who forced a date that is far ahead stands in an errand.'],
  [
    /^claim (sns:Publish|kms:Decrypt|kms:GenerateDataKey) /,
    'Claim sends what a process left in the outbox that was killed after its commit.',
  ],
  [/^operator (sns:Publish|kms:Decrypt|kms:GenerateDataKey) /, 'A rejection is told at once. The test approves.'],
  [
    /^(release|tidy) s3:DeleteObject (changes|landing|snapshots)$/,
    'Objects of lost attempts are removed. These attempts left none there.',
  ],
];
