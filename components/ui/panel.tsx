import type { ReactNode } from "react";
import { cx } from "./cx";

/** A ruled area with a heading. `aside` stands at the heading's end: a figure, a picker or a link. */
export function Panel({
  title,
  aside,
  id,
  className,
  children,
}: {
  title: string;
  aside?: ReactNode;
  id: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-labelledby={id}
      className={cx("border border-line rounded-lg bg-surface overflow-clip has-[[role=menu]]:overflow-visible", className)}
    >
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 min-h-11 px-4 py-1.5 border-b border-line">
        <h2 id={id} className="font-strong">
          {title}
        </h2>
        {aside ? <div className="ml-auto text-meta text-muted num flex items-center gap-3">{aside}</div> : null}
      </header>
      {children}
    </section>
  );
}
