import { AwsError } from '../errors.ts';
import { type Input, objects, text } from '../input.ts';
import { type Command, isTerminal, type Status } from './command.ts';
import { documentName } from './document.ts';

/** Whether a command, with the status and details to look at, is asked for. */
export type Wanted = (command: Command, status: Status, details: string) => boolean;

type Test = (value: string) => Wanted;

const statuses = [
  'Pending',
  'InProgress',
  'Delayed',
  'Success',
  'Cancelled',
  'Failed',
  'TimedOut',
  'AccessDenied',
  'DeliveryTimedOut',
  'ExecutionTimedOut',
  'Undeliverable',
  'InvalidPlatform',
  'Terminated',
  'Incomplete',
  'NoInstancesInTag',
  'LimitExceeded',
  'Cancelling',
];

const tests: Readonly<Record<string, Test>> = {
  InvokedAfter: (value) => {
    const time = date(value);
    return (command) => command.requestedAt > time;
  },
  InvokedBefore: (value) => {
    const time = date(value);
    return (command) => command.requestedAt < time;
  },
  Status: (value) => {
    if (!statuses.includes(value))
      throw invalid(`Status ${value} is not one of ${statuses.join(', ')}`);
    return (_command, status, details) => status === value || details === value;
  },
  DocumentName: (value) => () => value === documentName,
  ExecutionStage: (value) => {
    if (value !== 'Executing' && value !== 'Complete') throw invalid(`ExecutionStage ${value}`);
    return (_command, status) => isTerminal(status) === (value === 'Complete');
  },
};

/** Reads the `Filters` of ListCommands and ListCommandInvocations: all must hold. */
export function readFilters(input: Input, keys: readonly string[]): Wanted {
  const wanted = (objects(input, 'Filters') ?? []).map((filter) => {
    const key = text(filter, 'key') ?? '';
    const test = keys.includes(key) ? tests[key] : undefined;
    if (!test) throw invalid(`${key} is not one of ${keys.join(', ')}`);
    return test(text(filter, 'value') ?? '');
  });
  return (command, status, details) => wanted.every((is) => is(command, status, details));
}

function date(value: string): number {
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw invalid(`${value} is not an ISO 8601 date`);
  return time;
}

const invalid = (what: string) =>
  new AwsError('InvalidFilterKey', `The filter is not valid: ${what}.`);
