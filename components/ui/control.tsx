import type { ComponentProps } from "react";
import { cx } from "./cx";

/** 16 px on touch screens, or phones zoom into a focused field. */
export const controlClass =
  "w-full min-h-11 sm:min-h-[2.125rem] rounded-md border border-field bg-surface px-2.5 text-lead sm:text-body text-text hover:border-muted focus-visible:outline-offset-0 aria-invalid:border-danger disabled:opacity-60";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cx(controlClass, className)} {...rest} />;
}

export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={cx(controlClass, "select", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cx(controlClass, "py-2 leading-normal", className)} {...rest} />;
}
