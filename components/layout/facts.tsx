import type { ReactNode } from "react";

/** Names and values side by side; a fact that does not exist is left out by whoever lists them. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="px-4 py-1">
      {facts.map(([name, value]) => (
        <div
          key={name}
          className="grid sm:grid-cols-[minmax(5rem,10rem)_minmax(0,1.5fr)] gap-x-4 border-b border-line last:border-b-0 py-1.5"
        >
          <dt className="text-muted max-sm:text-meta">{name}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
