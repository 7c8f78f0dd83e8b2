export function chunked<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

/** Whether two groups hold the very same things in the same order: then there is nothing to draw again. */
export const sameItems = (was: readonly unknown[], now: readonly unknown[]): boolean =>
  was.length === now.length && was.every((item, at) => item === now[at]);
