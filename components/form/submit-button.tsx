"use client";
import type { ReactNode } from "react";
import { useHydrated } from "@/components/layout/use-hydrated";
import { Button, type ButtonLook } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";

interface SubmitButtonProps extends ButtonLook {
  pending: boolean;
  /** For now a press would be refused: the button keeps its place and the focus, and sends nothing. */
  blocked?: boolean;
  className?: string;
  children: ReactNode;
}

/**
 * Sends the form it stands in. Until scripts run nothing could be sent properly, and a disabled default button also stops Enter; it looks
 * the same meanwhile, so nothing flickers when the page comes to life.
 */
export function SubmitButton({ kind = "primary", className, children, ...rest }: SubmitButtonProps) {
  const hydrated = useHydrated();
  return (
    <Button type="submit" kind={kind} disabled={!hydrated} className={cx("disabled:opacity-100", className)} {...rest}>
      {children}
    </Button>
  );
}
