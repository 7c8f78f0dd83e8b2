import type { ReactNode } from "react";
import { cx } from "./cx";

const TONES = {
  plain: "bg-raised text-muted",
  ok: "bg-ok-wash text-ok",
  warn: "bg-warn-wash text-warn",
  danger: "bg-danger-wash text-danger",
  info: "bg-info-wash text-info",
  accent: "bg-accent-wash text-accent",
} as const;

export type Tone = keyof typeof TONES;

export function Tag({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={cx("inline-flex items-center min-h-5 px-1.5 rounded-sm text-meta font-strong whitespace-nowrap", TONES[tone])}>
      {children}
    </span>
  );
}
