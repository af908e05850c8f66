import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { NightfeedPipeline } from '../constructs/nightfeed-pipeline.ts';
import type { NightfeedPipelineProps } from '../constructs/pipeline-props.ts';
import { tagAs } from '../constructs/tags.ts';

type PipelineStackProps = StackProps &
  NightfeedPipelineProps & {
    /** Names of roles of the account that get the policies for people. */
    readonly people: { readonly readers: readonly string[]; readonly operators: readonly string[] };
  };

/** One feed. Its objects in the lake and its rows in the database stay when this stack is removed. */
export class PipelineStack extends Stack {
  readonly pipeline: NightfeedPipeline;

  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, props);
    const roles = (names: readonly string[]) => names.map((name) => this.#role(name));
    const { readers, operators } = props.people;
    const given: NightfeedPipelineProps = props;
    this.pipeline = new NightfeedPipeline(this, 'Pipeline', {
      ...given,
      readers: roles(readers),
      operators: roles(operators),
    });
    // The construct tags its own resources; CDK puts the roles of schedules beside it.
    tagAs(this, props);
    new CfnOutput(this, 'Stack', { value: this.pipeline.stackName, description: 'nightfeed --stack' });
    new CfnOutput(this, 'StateMachine', { value: this.pipeline.stateMachine.stateMachineArn });
  }

  /** A role of the account that somebody else made. */
  #role(name: string): IRole {
    const id = `role ${name}`;
    return (this.node.tryFindChild(id) as IRole | undefined) ?? Role.fromRoleName(this, id, name);
  }
}
