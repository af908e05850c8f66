import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import {
  CfnEIP,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  type IVpc,
  NatProvider,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { PipelineNetwork } from '../constructs/pipeline-context.ts';

interface NetworkStackProps extends StackProps {
  /** Number of availability zones. */
  readonly zones: number;
}

/** A VPC of ours. All traffic leaves it from one fixed address, which the vendor's firewall can allow. */
export class NetworkStack extends Stack implements PipelineNetwork {
  readonly vpc: IVpc;

  constructor(scope: Construct, id: string, { zones, ...props }: NetworkStackProps) {
    super(scope, id, props);
    const address = new CfnEIP(this, 'Address', { domain: 'vpc' });
    new CfnOutput(this, 'FixedAddress', { value: address.ref, description: 'For the firewall of the vendor' });
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: zones,
      natGateways: 1,
      natGatewayProvider: NatProvider.gateway({ eipAllocationIds: [address.attrAllocationId] }),
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 24 },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      // Traffic to the lake bypasses the NAT gateway, which charges for every gigabyte.
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      flowLogs: {
        Rejected: {
          trafficType: FlowLogTrafficType.REJECT,
          destination: FlowLogDestination.toCloudWatchLogs(
            new LogGroup(this, 'FlowLog', { retention: RetentionDays.ONE_MONTH }),
          ),
        },
      },
    }) as IVpc;
  }
}
