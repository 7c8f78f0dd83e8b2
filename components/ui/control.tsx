import type { ComponentProps } from "react";
import { cx } from "./cx";

/** 16 px on touch screens, or phones zoom into a focused field. */
const BASE =
  "w-full rounded-md border bg-surface text-lead fine:text-body text-text hover:border-muted focus-visible:outline-offset-0 aria-invalid:border-danger disabled:opacity-60 text-ellipsis";

/** `quiet`: in a toolbar, where a name or a sign inside already says what it is; `small`: in a panel's header. */
export interface ControlLook {
  look?: "field" | "quiet" | "small";
}

export const controlClass = ({ look = "field" }: ControlLook = {}): string =>
  cx(
    BASE,
    look === "field" ? "border-field" : "border-line-strong",
    look === "small" ? "min-h-11 fine:min-h-7" : "min-h-11 fine:min-h-[2.125rem]",
  );

export function Input({ className, look, ...rest }: ControlLook & ComponentProps<"input">) {
  return <input className={cx(controlClass({ look }), "px-2.5", className)} {...rest} />;
}

export function Select({ className, look, ...rest }: ControlLook & ComponentProps<"select">) {
  return <select className={cx(controlClass({ look }), "select pl-2.5 pr-7", className)} {...rest} />;
}

export function Textarea({ className, look, ...rest }: ControlLook & ComponentProps<"textarea">) {
  return <textarea className={cx(controlClass({ look }), "px-2.5 py-2 leading-normal", className)} {...rest} />;
}
