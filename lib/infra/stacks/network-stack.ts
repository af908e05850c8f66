import { CfnOutput, type CfnResource, Fn, type RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
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
import { closeDefaultGroup } from '../constructs/network/default-group.ts';
import type { PipelineNetwork } from '../constructs/pipeline-context.ts';
import { dataRemoval } from '../destroy-data.ts';

interface NetworkStackProps extends StackProps {
  readonly stage: string;
  /** How many availability zones, or which. */
  readonly zones: number | readonly string[];
  /** Allocation id of an address that exists. Without it the stack makes one, which stays when the stack is removed. */
  readonly address: string | undefined;
  /** Whether the database lies in it. Its VPC and private subnets then stay as long as the data stay. */
  readonly holdsDatabase: boolean;
  readonly destroyData: boolean;
}

/** A VPC of ours. All traffic leaves it from one fixed address, which the vendor's firewall can allow. */
export class NetworkStack extends Stack implements PipelineNetwork {
  readonly vpc: IVpc;
  readonly #zones: number | readonly string[];

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    const { stage, zones, address, holdsDatabase, destroyData, ...stackProps } = props;
    super(scope, id, stackProps);
    this.#zones = zones;
    const removal = dataRemoval(this, stage, destroyData);
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: this.availabilityZones.length,
      natGateways: 1,
      natGatewayProvider: NatProvider.gateway({ eipAllocationIds: [address ?? this.#newAddress(removal)] }),
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 24 },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      // Traffic to the lake bypasses the NAT gateway, which charges for every gigabyte.
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      restrictDefaultSecurityGroup: true,
      flowLogs: {
        Rejected: {
          trafficType: FlowLogTrafficType.REJECT,
          destination: FlowLogDestination.toCloudWatchLogs(
            new LogGroup(this, 'FlowLog', { retention: RetentionDays.ONE_MONTH }),
          ),
        },
      },
    });
    closeDefaultGroup(this, vpc);
    if (typeof zones !== 'number')
      Validations.of(vpc).acknowledge({
        id: 'CloudFormation-Validate::W3010',
        reason: 'The configuration names them.',
      });
    // AWS removes neither while a database has its network interfaces in them, and the removal of the stack would fail half-way.
    if (holdsDatabase)
      for (const part of [vpc, ...vpc.privateSubnets])
        (part.node.defaultChild as CfnResource).applyRemovalPolicy(removal);
    if (address)
      new CfnOutput(this, 'FixedAddress', { value: address, description: 'Allocation of the address that is used' });
    this.vpc = vpc as IVpc;
  }

  /** Zones as the template says them. CDK would look them up in the account, and keep what it found for later deployments. */
  override get availabilityZones(): string[] {
    const zones = this.#zones;
    if (typeof zones !== 'number') return [...zones];
    return Array.from({ length: zones }, (_, index) => Fn.select(index, Fn.getAzs()));
  }

  /** An address stays when the stack goes, because vendors have let it in, and AWS would give nobody the same one again. */
  #newAddress(removal: RemovalPolicy): string {
    const address = new CfnEIP(this, 'Address', { domain: 'vpc' });
    address.applyRemovalPolicy(removal);
    new CfnOutput(this, 'FixedAddress', { value: address.ref, description: 'For the firewall of the vendor' });
    return address.attrAllocationId;
  }
}
