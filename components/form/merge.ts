/** Three-way: what the person changed stays, what they did not touch takes what somebody else saved meanwhile. */
export function merged<T extends object>(before: T, typed: T, newer: T): T {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const keys = Object.keys(typed) as (keyof T)[];
  return Object.fromEntries(keys.map((key) => [key, same(before[key], typed[key]) ? newer[key] : typed[key]])) as T;
}
