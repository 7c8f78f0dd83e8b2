import type { ReactNode } from "react";
import { Typed } from "@/components/ui/typed";

interface PageHeadProps {
  title: ReactNode;
  above?: ReactNode;
  below?: ReactNode;
  actions?: ReactNode;
}

/** One heading, and at most one primary action. The heading takes the focus when a route changes. */
export function PageHead({ title, above, below, actions }: PageHeadProps) {
  return (
    <div className="flex flex-wrap items-center sm:items-end gap-x-4 gap-y-3 mb-5">
      <div className="min-w-0 flex-1 basis-32">
        {above ? <div className="text-muted mb-0.5">{above}</div> : null}
        <h1 tabIndex={-1}>{typeof title === "string" ? <Typed>{title}</Typed> : title}</h1>
        {below ? <div className="text-muted mt-1">{below}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}
