import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon } from "./icon";

const TONES = {
  danger: "bg-danger-wash text-danger",
  warn: "bg-warn-wash text-warn",
  info: "bg-info-wash text-info",
  ok: "bg-ok-wash text-ok",
} as const;

const ICONS = { danger: "alert", warn: "alert", info: "info", ok: "check" } as const;

/** A message that belongs to what it stands beside. `live` announces it when it appears. */
export function Notice({ tone, title, live, children }: { tone: keyof typeof TONES; title: string; live?: boolean; children?: ReactNode }) {
  return (
    <div
      role={live ? (tone === "danger" ? "alert" : "status") : undefined}
      className={cx("flex gap-2.5 rounded-md px-3 py-2.5", TONES[tone])}
    >
      <Icon name={ICONS[tone]} className="mt-0.5" />
      <div className="min-w-0">
        <p className="font-strong">{title}</p>
        {children ? <div className="text-text mt-0.5">{children}</div> : null}
      </div>
    </div>
  );
}
