const units: Readonly<Record<string, number>> = {
  '': 1,
  m: 0.001,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** A Kubernetes quantity such as `200m` or `96Mi` as a number; NaN for anything else. */
export function quantity(text: string | undefined): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text ?? '') ?? [];
  const factor = units[unit];
  return number === '' || factor === undefined ? Number.NaN : Number(number) * factor;
}
