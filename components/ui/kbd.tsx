import type { ReactNode } from "react";

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="code text-meta border border-line rounded-sm px-1 text-muted">{children}</kbd>;
}
