import { Annotations, Fn } from 'aws-cdk-lib';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { NetworkConfig } from './network-config.ts';

/** A VPC that somebody else runs. Naming it adds nothing to the stack. */
export function existingVpc(scope: Construct, { vpc_id, subnet_ids }: NonNullable<NetworkConfig['existing']>): IVpc {
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: vpc_id,
    privateSubnetIds: subnet_ids,
    // The zones are not used, but CDK demands as many as there are subnets.
    availabilityZones: subnet_ids.map((_, index) => Fn.select(index, Fn.getAzs())),
  });
  const reason = 'nothing is routed here';
  Annotations.of(vpc).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', reason);
  return vpc;
}
