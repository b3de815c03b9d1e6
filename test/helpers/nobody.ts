/**
 * The start of a command line that runs the rest as a user without rights, who may however read all
 * files: the checkout of these tests may lie where only root can go.
 */
export const asNobody: readonly string[] = [
  'setpriv',
  '--reuid=65534',
  '--regid=65534',
  '--clear-groups',
  '--inh-caps=+dac_read_search',
  '--ambient-caps=+dac_read_search',
  '--',
];
