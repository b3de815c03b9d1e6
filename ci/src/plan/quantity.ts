/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const units: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity such as `200m` or `96Mi` as a number; NaN for anything else. */
export function quantity(text: string | undefined): number {
  const match = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text ?? '');
  const [, number = '', unit = ''] = match ?? [];
  const factor = units[unit];
  return number === '' || factor === undefined ? Number.NaN : Number(number) * factor;
}
