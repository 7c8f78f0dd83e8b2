import type { ComponentProps, CSSProperties, ReactNode } from "react";
import { cx } from "./cx";

interface TableProps {
  label: string;
  cols: string;
  colsPhone?: string;
  busy?: boolean;
  children: ReactNode;
}

/** Grid tables lose their native semantics to `display: grid`, so every part names its role. */
export function Table({ label, cols, colsPhone, busy = false, children }: TableProps) {
  const tracks = { "--cols": cols, ...(colsPhone ? { "--cols-sm": colsPhone } : {}) } as CSSProperties;
  return (
    <table role="table" aria-label={label} aria-busy={busy} className="table" style={tracks}>
      {children}
    </table>
  );
}

export function Head({ children }: { children: ReactNode }) {
  return (
    <thead role="rowgroup">
      <tr role="row">{children}</tr>
    </thead>
  );
}

export function Body({ chunk = false, className, children }: { chunk?: boolean; className?: string; children: ReactNode }) {
  return (
    <tbody role="rowgroup" className={cx(chunk && "chunk", className)}>
      {children}
    </tbody>
  );
}

export function Row({ className, ...rest }: ComponentProps<"tr">) {
  return <tr role="row" className={className} {...rest} />;
}

type CellProps = { numeric?: boolean } & ComponentProps<"td">;

export function HeadCell({ numeric = false, className, ...rest }: CellProps) {
  return <th role="columnheader" scope="col" className={cx(numeric && "n", className)} {...rest} />;
}

export function Cell({ numeric = false, className, ...rest }: CellProps) {
  return <td role="cell" className={cx(numeric && "n", className)} {...rest} />;
}
