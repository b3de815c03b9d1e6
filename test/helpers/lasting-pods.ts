/** For kubectl: leaves out the pods of Jobs, whose work is done, or that come and go by the clock. */
export const lastingPods =
  '--selector=app.kubernetes.io/name notin (alerts,database,ingest,ml-training,probe)';
