import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { SlackChannel } from '../../slack-config.ts';

interface SlackProps {
  readonly name: string;
  readonly slack: SlackChannel;
  readonly topics: readonly ITopic[];
}

/** Sends messages and alarms to a Slack channel. AWS allows an account one such configuration for each channel, in all regions together. From the channel nobody can do anything in the account. */
export function slackChannel(scope: Construct, { name, slack, topics }: SlackProps): SlackChannelConfiguration {
  return new SlackChannelConfiguration(scope, 'Slack', {
    slackChannelConfigurationName: name,
    slackWorkspaceId: slack.workspace,
    slackChannelId: slack.channel,
    notificationTopics: [...topics],
    // The role has no rights, so that nobody can read anything or run commands from the channel.
    role: new Role(scope, 'SlackRole', { assumedBy: new ServicePrincipal('chatbot.amazonaws.com') }),
    guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')],
  });
}
