/** The `count`th best of some numbers, or the worst if there are fewer: Hoare's selection, in place. */
export function nthBest(numbers: Float64Array, count: number): number {
  const wanted = Math.min(numbers.length, count) - 1;
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const pivot = numbers[(low + high) >> 1] as number;
    let left = low;
    let right = high;
    while (left <= right) {
      while ((numbers[left] as number) > pivot) left += 1;
      while ((numbers[right] as number) < pivot) right -= 1;
      if (left > right) break;
      const it = numbers[left] as number;
      numbers[left] = numbers[right] as number;
      numbers[right] = it;
      left += 1;
      right -= 1;
    }
    if (wanted <= right) high = right;
    else if (wanted >= left) low = left;
    else break;
  }
  return numbers[wanted] ?? 0;
}
