/** Runs at most so many tasks at a time, the others in the order of their coming. */
export function createLimit(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // The place is handed on, not given back, so that nobody slips in between.
      if (next) next();
      else running -= 1;
    }
  };
}
