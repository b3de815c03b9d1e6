import { Constraints } from '../constraints.ts';
import { AwsError } from '../errors.ts';
import { type Input, integer, objects, text, texts } from '../input.ts';
import { page } from '../paging.ts';
import type { NodeAgent } from './agent.ts';
import { timestamp } from './command-shape.ts';
import type { SsmService } from './service.ts';

const agentVersion = '3.3.987.0';

const filterValue: Readonly<Record<string, (agent: NodeAgent) => string>> = {
  InstanceIds: (agent) => agent.node.id,
  PingStatus: (agent) => pingStatus(agent),
  AgentVersion: () => agentVersion,
  PlatformTypes: () => 'Linux',
  ResourceType: () => 'EC2Instance',
};

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html */
export function describeInstanceInformation(input: Input, ssm: SsmService): object {
  const size = integer(input, 'MaxResults') ?? 10;
  new Constraints().range('maxResults', size, 5, 50).throwIfAny();
  const old = readFilters(input, 'InstanceInformationFilterList', 'key', 'valueSet');
  const filters = readFilters(input, 'Filters', 'Key', 'Values');
  if (old.length > 0 && filters.length > 0) {
    throw new AwsError(
      'ValidationException',
      'Filters and InstanceInformationFilterList cannot be used together.',
    );
  }
  const found = [...ssm.agents.values()].filter((agent) =>
    [...old, ...filters].every(({ value, values }) => values.includes(value(agent))),
  );
  const { items, nextToken } = page(found, size, text(input, 'NextToken'));
  return {
    InstanceInformationList: items.map((agent) => shape(agent, ssm.now())),
    NextToken: nextToken ?? '',
  };
}

function readFilters(input: Input, member: string, keyName: string, valuesName: string) {
  return (objects(input, member) ?? []).map((filter) => {
    const key = text(filter, keyName) ?? '';
    const value = filterValue[key];
    if (!value) {
      throw new AwsError(
        'InvalidInstanceInformationFilterValue',
        `The filter key ${key} is not one of ${Object.keys(filterValue).join(', ')}.`,
      );
    }
    const values = texts(filter, valuesName) ?? [];
    if (values.length === 0)
      throw new AwsError(
        'InvalidInstanceInformationFilterValue',
        `The filter ${key} has no value.`,
      );
    return { value, values };
  });
}

const pingStatus = (agent: NodeAgent) => (agent.state === 'online' ? 'Online' : 'ConnectionLost');

function shape(agent: NodeAgent, now: number): object {
  return {
    InstanceId: agent.node.id,
    PingStatus: pingStatus(agent),
    LastPingDateTime: timestamp(agent.state === 'online' ? now : agent.lastPing),
    AgentVersion: agentVersion,
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: 'Debian GNU/Linux',
    PlatformVersion: '12',
    ResourceType: 'EC2Instance',
    IPAddress: '127.0.0.1',
    ComputerName: agent.node.id,
  };
}
