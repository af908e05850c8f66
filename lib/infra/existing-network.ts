import { Annotations, Fn } from 'aws-cdk-lib';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { NetworkConfig } from './config.ts';

/** A VPC that somebody else keeps; it adds nothing to the stack it is named in. */
export function existingVpc(scope: Construct, { vpc_id, subnet_ids }: NonNullable<NetworkConfig['existing']>): IVpc {
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: vpc_id,
    privateSubnetIds: subnet_ids,
    // Nothing here asks for the zone of a subnet, but their number has to be the same.
    availabilityZones: subnet_ids.map((_, index) => Fn.select(index, Fn.getAzs())),
  });
  const reason = 'nothing is routed here';
  Annotations.of(vpc).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', reason);
  return vpc;
}
