import type { ReactNode } from "react";

/** What somebody typed: a name, a title. Its direction stays its own, and it breaks anywhere before it widens the page. */
export function Typed({ children }: { children: ReactNode }) {
  return <bdi className="wrap-anywhere">{children}</bdi>;
}
